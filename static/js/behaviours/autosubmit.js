/* A form of filters that sends itself when a choice changes; its button is for those without JavaScript. */
export default (form) => {
  form.addEventListener("change", () => form.requestSubmit());
};
