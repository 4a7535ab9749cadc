/* The days of a bar for the keyboard: one tab stop, arrows by day, Page keys by week, Home and End; Enter tells the day. */
const WEEK = 7;
const MOVES = { ArrowLeft: -1, ArrowRight: 1, PageUp: -WEEK, PageDown: WEEK, Home: -Infinity, End: Infinity };

export default (bar) => {
  const bad = JSON.parse(bar.dataset.bad);
  const first = new Date(`${bar.dataset.first}T12:00:00Z`);
  const count = Math.round(bar.querySelector("svg").viewBox.baseVal.width / 10);
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
  const told = Object.assign(document.createElement("p"), { className: "uptime-day", tabIndex: -1, hidden: true });
  const days = Object.assign(document.createElement("div"), { className: "uptime-days" });
  days.setAttribute("role", "group");
  days.setAttribute("aria-label", bar.dataset.label);
  const buttons = Array.from({ length: count }, (_, place) => {
    const date = new Date(first.getTime() + place * 86400000);
    const button = Object.assign(document.createElement("button"), { type: "button", tabIndex: place === count - 1 ? 0 : -1 });
    button.title = `${format.format(date)}: ${bad[place] ?? bar.dataset.fine}`;
    button.setAttribute("aria-label", button.title);
    return button;
  });
  const reach = (place) => {
    buttons.forEach((button, other) => { button.tabIndex = other === place ? 0 : -1; });
    buttons[place].focus();
  };
  let opened = null;
  const open = (button) => {
    opened = button;
    told.textContent = button.title;
    told.hidden = false;
    told.focus();
  };
  days.addEventListener("click", (event) => { if (event.target.closest("button")) open(event.target.closest("button")); });
  days.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    reach(Math.min(count - 1, Math.max(0, buttons.indexOf(document.activeElement) + move)));
  });
  told.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    told.hidden = true;
    opened?.focus();
  });
  days.append(...buttons);
  bar.append(days);
  bar.after(told);
};
