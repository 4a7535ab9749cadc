/* A text box with maxlength: says in the element named by data-remaining how much is left, with the words in its data-words ("# left"). */
export default (box) => {
  const place = document.getElementById(box.dataset.remaining);
  const say = () => { place.textContent = place.dataset.words.replace("#", box.maxLength - box.value.length); };
  box.addEventListener("input", say);
  say();
};
