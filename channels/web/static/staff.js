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
  if (answer.status >= 500) return; // away, too: what is on the screen is still true
  if (answer.redirected) {
    location.assign(`${answer.url}&ended=1`);
    return;
  }
  if (!answer.ok) {
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

// What is being written outlives a session that ends and a server that restarts. The
// address says when the server has taken it.
function keepDraft(composer, field) {
  if (location.hash === "#sent") {
    sessionStorage.removeItem(composer.action);
    history.replaceState(null, "", location.pathname);
  }
  const keep = () => sessionStorage.setItem(composer.action, field.value);
  if (field.value) keep(); // written before this script was there
  else field.value = sessionStorage.getItem(composer.action) ?? "";
  field.addEventListener("input", keep);
}

for (const log of document.querySelectorAll(".log")) toEnd(log);
const form = document.querySelector("[data-composer]");
if (form) {
  const field = form.querySelector("textarea");
  keepDraft(form, field);
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
    else sessionStorage.removeItem(form.action);
  });
}
document.querySelector("[data-sign-out]")?.addEventListener("submit", () => sessionStorage.clear());
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
