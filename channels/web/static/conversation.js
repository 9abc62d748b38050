// The bubbles: what was said, on its way, being written.

import { fromMarkdown } from "./markdown.js";
import { dayOf, make, timeOf } from "./make.js";

export class Conversation {
  constructor(log) {
    this.log = log;
    this.sending = new Map(); // what the server has not confirmed, of all contacts
    this.clear(null);
  }

  clear(contact) {
    this.contact = contact;
    this.log.setAttribute("aria-busy", "true");
    this.lastDay = null;
    this.typing = make(
      "li", "bubble bubble-agent bubble-typing",
      make("span", "unseen", "Gust-IA écrit…"), make("i"), make("i"), make("i"),
    );
    this.patience = make("p", "patience", "Vos messages sont bien reçus, la réponse arrive.");
    this.welcome = make(
      "li", "log-empty",
      "Écrivez comme vous le feriez sur votre téléphone, ou touchez une suggestion.",
    );
    this.log.replaceChildren(this.welcome);
  }

  // After the replay: what never arrived comes back, to be sent again.
  ready() {
    for (const { contact, bubble, at } of this.sending.values()) {
      if (contact === this.contact && !bubble.isConnected) this.add(bubble, at);
    }
    this.log.setAttribute("aria-busy", "false");
    this.log.scrollTop = this.log.scrollHeight;
  }

  // A message of ours, at once; `message` confirms it when the server has it.
  send(key, text, again) {
    const bubble = this.ours(text, make("span", "on-its-way", "envoi…"));
    const at = new Date().toISOString();
    this.sending.set(key, { contact: this.contact, bubble, at, again });
    this.add(bubble, at, { follow: true });
  }

  failed(key) {
    const kept = this.sending.get(key);
    if (!kept) return;
    const { bubble, again } = kept;
    kept.isUnsent = true;
    const retry = make("button", "retry", "Non envoyé. Réessayer");
    retry.type = "button";
    retry.addEventListener("click", again);
    bubble.lastChild.replaceChildren(retry);
  }

  trying(key) {
    const kept = this.sending.get(key);
    if (!kept) return;
    kept.isUnsent = false;
    kept.bubble.lastChild.replaceChildren(make("span", "on-its-way", "envoi…"));
  }

  // The line is back: what it did not take leaves now, in order, under the same keys.
  async sendAgain() {
    for (const kept of [...this.sending.values()]) {
      if (kept.isUnsent) await kept.again();
    }
  }

  message({ key, text, at }) {
    const known = this.sending.get(key);
    this.sending.delete(key);
    if (known?.bubble.isConnected) {
      known.bubble.lastChild.replaceChildren(...received(at));
    } else {
      this.add(this.ours(text, ...received(at)), at);
    }
  }

  reply({ text, at, staff }) {
    const body = make("div", "bubble-text");
    body.append(fromMarkdown(text));
    const by = staff
      ? make("p", "bubble-by", staff, make("span", "", " · l'équipe"))
      : make("p", "bubble-by unseen", "Gust-IA");
    const kind = staff ? "bubble-staff" : "bubble-agent";
    this.add(make("li", `bubble ${kind}`, by, body, make("p", "bubble-at", timeOf(at))), at);
  }

  notice(text) {
    this.place(make("li", "notice", text));
  }

  showTyping(on) {
    if (on) this.place(this.typing);
    else {
      this.typing.remove();
      this.patience.remove();
    }
  }

  // An answer is long in coming: say that nothing is lost.
  reassure() {
    const wasAtEnd = this.isAtEnd();
    this.typing.append(this.patience);
    if (wasAtEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  ours(text, ...at) {
    return make(
      "li", "bubble bubble-mine",
      make("p", "bubble-by unseen", "Vous"),
      make("div", "bubble-text bubble-plain", text),
      make("p", "bubble-at", ...at),
    );
  }

  add(bubble, at, { follow = false } = {}) {
    const day = dayOf(at);
    if (day !== this.lastDay) this.place(make("li", "day", day));
    this.lastDay = day;
    this.place(bubble, follow);
  }

  place(entry, follow = false) {
    const wasAtEnd = this.isAtEnd();
    this.welcome.remove();
    const isTyping = this.typing.isConnected && entry !== this.typing;
    if (isTyping) this.typing.before(entry);
    else this.log.append(entry);
    if (follow || wasAtEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < 120;
  }
}

function received(at) {
  return [timeOf(at), make("span", "tick", " ✓", make("span", "unseen", "reçu"))];
}
