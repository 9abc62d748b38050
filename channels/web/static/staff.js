// Keeps the staff screens fresh without touching what is being written.

const EVERY_MS = 5000;

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
form?.querySelector("textarea").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
