// Keeps the staff screens fresh without touching what is being written.

import { Limit } from "./limit.js";

const EVERY_MS = 5000;
const DRAFT = "Votre réponse n'est pas envoyée et sera perdue. Rendre quand même la conversation ?";

async function refresh() {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  } catch {
    return; // away: the next one may get through
  }
  if (answer.redirected || !answer.ok) {
    location.reload();
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = fresh.title;
  for (const place of document.querySelectorAll("[data-refresh]")) {
    const next = fresh.getElementById(place.id);
    if (!next || isSame(place, next) || isInUse(place)) continue;
    const wasAtEnd = isAtEnd(place);
    place.replaceChildren(...next.childNodes);
    Object.assign(place.dataset, next.dataset);
    if (wasAtEnd) toEnd(place);
  }
}

// What holds a draft changes only when the conversation changes hands.
const isSame = (place, next) => (place.dataset.state
  ? place.dataset.state === next.dataset.state
  : place.isEqualNode(next));
const isInUse = (place) => place !== document.activeElement
  && !place.dataset.state && place.contains(document.activeElement);
const isAtEnd = (place) => place.scrollHeight - place.scrollTop - place.clientHeight < 80;
const toEnd = (place) => { place.scrollTop = place.scrollHeight; };

for (const log of document.querySelectorAll(".log")) toEnd(log);
const form = document.querySelector("[data-composer]");
if (form) {
  const field = form.querySelector("textarea");
  const limit = new Limit(form);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    if (limit.isOver) event.preventDefault();
  });
  document.querySelector("[data-give-back]")?.addEventListener("submit", (event) => {
    if (field.value.trim() && !confirm(DRAFT)) event.preventDefault();
  });
}
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
