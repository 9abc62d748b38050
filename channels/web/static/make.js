// Building DOM in one line: make("p", "class names", child, "text", …).

export function make(tag, classes, ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

const timezone = document.querySelector("[data-timezone]")?.dataset.timezone;
const clock = new Intl.DateTimeFormat("fr-FR", {
  hour: "2-digit", minute: "2-digit", timeZone: timezone,
});
const day = new Intl.DateTimeFormat("fr-FR", {
  weekday: "long", day: "numeric", month: "long", timeZone: timezone,
});

export const clockOf = (iso) => clock.format(new Date(iso));

export function dayOf(iso) {
  const name = day.format(new Date(iso));
  return name === day.format(new Date()) ? "Aujourd'hui" : name;
}

export function timeOf(iso) {
  const made = make("time", "", clockOf(iso));
  made.dateTime = iso;
  return made;
}
