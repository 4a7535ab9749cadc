/* A copy that is too old confirms nothing: the verdict turns grey and says for how long (SP-56). */
const MINUTE = 60000;

export default (line) => {
  const look = () => {
    if (Date.now() < Date.parse(line.dataset.until)) return;
    document.querySelector(".verdict")?.classList.add("is-old");
    line.textContent = line.dataset.words.replace("#", Math.floor((Date.now() - Date.parse(line.dataset.at)) / MINUTE));
  };
  look();
  setInterval(look, MINUTE / 2);
};
