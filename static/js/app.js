/* Small touches; every page works without this file. */
const version = new URL(import.meta.url).search;
const on = (type, listener) => document.addEventListener(type, listener);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/* behaviours: <… data-behaviour="name"> loads behaviours/name.js, once for each element */
const started = new WeakSet();
const start = () => all("[data-behaviour]").forEach(async (element) => {
  if (started.has(element)) return;
  started.add(element);
  const { default: behave } = await import(`./behaviours/${element.dataset.behaviour}.js${version}`);
  behave(element);
});

/* no answer at all: a sentence in the live region */
on("htmx:error", (event) => {
  if (!event.detail?.ctx) return;
  const sentence = document.getElementById("no_answer");
  document.getElementById("messages")?.replaceChildren(sentence.content.cloneNode(true));
});

/* batch bar: how many are ticked */
const count = (form) => {
  const ticked = all("[data-batch-item]:checked", form).length;
  all("[data-batch-bar]", form).forEach((bar) => { bar.hidden = ticked === 0; });
  all("[data-batch-count]", form).forEach((number) => { number.textContent = ticked; });
  all("[data-batch-word]", form).forEach((word) => { word.textContent = ticked === 1 ? word.dataset.one : word.dataset.many; });
  all("[data-batch-item]", form).forEach((box) => box.closest("tr, .ask")?.classList.toggle("is-selected", box.checked));
};
on("change", (event) => {
  const form = event.target.closest("[data-batch]");
  if (!form) return;
  if (event.target.matches("[data-batch-all]")) all("[data-batch-item]", form).forEach((box) => { box.checked = event.target.checked; });
  count(form);
});

/* menus close on Escape and on a click elsewhere */
const close = (menu) => { menu.open = false; };
on("click", (event) => all("details.menu[open]").filter((menu) => !menu.contains(event.target)).forEach(close));
on("keydown", (event) => {
  if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { close(menu); menu.querySelector("summary").focus(); });
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-slash]");
  if (box) { event.preventDefault(); box.focus(); }
});

/* dialogs, and messages that can be put away */
on("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) { event.preventDefault(); dialog.showModal(); }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  event.target.closest("[data-dismiss]")?.parentElement.remove();
});

const ready = () => { start(); all("[data-batch]").forEach(count); };
on("htmx:after:swap", ready);
ready();
