// The web chat: a chosen contact, their conversation, and what happened behind it.

import { Backstage } from "./backstage.js";
import { Conversation } from "./conversation.js";
import { Limit } from "./limit.js";
import { make } from "./make.js";
import { listen } from "./stream.js";

const find = (selector) => document.querySelector(selector);
const conversation = new Conversation(find("[data-log]"));
const backstage = new Backstage(find(".backstage"));
const stage = find(".stage");
const status = find("[data-status]");
const form = find("[data-composer]");
const field = form.querySelector("textarea");
const limit = new Limit(form);
const drafts = new Map();
const PATIENCE_MS = 8000;
const STATUSES = {
  bot: () => "répond tout de suite",
  waiting: () => "répond en attendant une personne",
  human: (name) => `${name ?? "une personne"}, de l'équipe, vous répond`,
};
const isWide = matchMedia("(min-width: 860px)");

let contact = null;
let stop = () => {};
let mode = "bot";
let heldBy = null;
let isTyping = false;
let patience = null;
let isReplayed = false;
let isAway = !navigator.onLine;

const handlers = {
  reset() {
    isReplayed = false;
    conversation.clear(contact);
    backstage.clear();
  },
  ready() {
    isReplayed = true;
    conversation.ready();
    if (isAway) conversation.sendAgain();
    tellAway(false);
  },
  message: (message) => conversation.message(message),
  reply: (reply) => conversation.reply(reply),
  turn(turn) {
    backstage.turn(turn);
    find(".news").hidden = !isReplayed || stage.dataset.shows === "backstage";
  },
  state(state) {
    if (isReplayed && state.mode !== mode) conversation.notice(noticeOf(state));
    ({ mode, held_by: heldBy } = state);
    backstage.state(state);
    tellStatus();
  },
  typing({ on }) {
    clearTimeout(patience);
    isTyping = on;
    conversation.showTyping(on);
    if (on) patience = setTimeout(() => conversation.reassure(), PATIENCE_MS);
    tellStatus();
  },
};

function noticeOf(state) {
  if (state.mode === "human") return `${state.held_by ?? "Une personne"}, de l'équipe, a pris la conversation.`;
  if (state.mode === "waiting") return "Une personne de l'équipe est prévenue.";
  return "Gust-IA répond de nouveau.";
}

function tellStatus() {
  const words = isAway ? "connexion perdue, nouvel essai…" : isTyping ? "écrit…" : STATUSES[mode](heldBy);
  if (status.textContent !== words) status.textContent = words;
}

// A stream that was open says nothing when the network goes: the browser does.
function tellAway(away) {
  isAway = away;
  tellStatus();
}

function choose(radio) {
  stop();
  if (contact !== null) {
    drafts.set(contact, field.value);
    field.value = drafts.get(radio.value) ?? "";
    limit.look();
  }
  contact = radio.value;
  mode = "bot";
  handlers.reset();
  handlers.typing({ on: false });
  find("[data-who]").textContent = radio.dataset.label;
  for (const hint of document.querySelectorAll(".hint")) hint.hidden = hint.id !== radio.dataset.hint;
  suggest(document.getElementById(radio.dataset.hint));
  history.replaceState(null, "", `#${contact}`);
  stop = listen(contact, {
    onEvent: (kind, values) => handlers[kind](values),
    onLost: () => tellAway(true),
  });
}

function suggest(hint) {
  const chips = [...hint.querySelectorAll("li")].map((each) => {
    const chip = make("button", "chip", each.textContent);
    chip.type = "button";
    chip.addEventListener("click", () => {
      send(each.textContent);
      chip.remove();
      field.focus();
    });
    return chip;
  });
  find("[data-suggestions]").replaceChildren(...chips);
}

function send(text) {
  fold();
  const key = newKey();
  const to = contact;
  const post = async () => {
    conversation.trying(key);
    try {
      const answer = await fetch(`/chat/${encodeURIComponent(to)}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text, key }),
      });
      if (!answer.ok) conversation.failed(key);
    } catch {
      conversation.failed(key);
    }
  };
  conversation.send(key, text, post);
  post();
}

// crypto.randomUUID exists only over https and on localhost.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function show(view) {
  stage.dataset.shows = view;
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  if (view === "backstage") find(".news").hidden = true;
  else conversation.ready();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text || limit.isOver) return;
  send(text);
  field.value = "";
  limit.look();
  field.focus();
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => show(button.dataset.view));
}
find("[data-forget]").addEventListener("click", () =>
  fetch(`/chat/${encodeURIComponent(contact)}/forget`, { method: "POST" }));

const who = find(".who");
function fold() {
  who.open = isWide.matches;
  // Where it cannot fold it is a title, not a stop for the keyboard.
  who.querySelector("summary").tabIndex = isWide.matches ? -1 : 0;
}
isWide.addEventListener("change", fold);
fold();
for (const radio of document.querySelectorAll("[name=contact]")) {
  radio.addEventListener("change", () => choose(radio));
}
who.querySelector("fieldset").addEventListener("click", (event) => {
  // The radio covers its label. Arrow keys click too, but with no detail: stay open.
  if (event.target.matches("input, label, label *") && event.detail) fold();
});
addEventListener("offline", () => tellAway(true));
addEventListener("online", () => choose(find("[name=contact]:checked")));
const wanted = decodeURIComponent(location.hash.slice(1));
const first = [...document.querySelectorAll("[name=contact]")].find((radio) => radio.value === wanted)
  ?? find("[name=contact]");
first.checked = true;
choose(first);
