/* Parts of a public page that keep themselves current; every page works without this file.
   <div id="x" data-refresh="60"> is exchanged when the page, asked again, shows another one. data-seen: what to tell that it shows. */
const exchange = async (part) => {
  const address = new URL(location.href);
  if (part.dataset.seen) address.searchParams.set("seen", part.dataset.seen);
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin", redirect: "manual" });
  if (answer.status === 404) location.reload();
  if (answer.status !== 200) return;
  const there = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
  if (!there || there.outerHTML === part.outerHTML || part.contains(document.activeElement)) return;
  part.replaceWith(document.adoptNode(there));
};
const refresh = (id, seconds) => setInterval(() => {
  const part = document.getElementById(id);
  if (part?.dataset.refresh && document.visibilityState === "visible") exchange(part).catch(() => {});
}, seconds * 1000);
document.querySelectorAll("[data-refresh]").forEach((part) => refresh(part.id, Number(part.dataset.refresh)));

/* behaviours: <… data-behaviour="name"> loads behaviours/name.js */
const version = new URL(import.meta.url).search;
document.querySelectorAll("[data-behaviour]").forEach(async (element) => {
  const { default: behave } = await import(`./behaviours/${element.dataset.behaviour}.js${version}`);
  behave(element);
});
