/* A form of filters that sends itself when a choice changes; its button is for those without JavaScript. */
export default (form) => {
  form.querySelectorAll("button[type=submit]:not([name])").forEach((button) => { button.hidden = true; });
  form.addEventListener("change", () => form.requestSubmit());
};
