// The side panel: what each answer was made of, and how the session stands.

import { clockOf, make, timeOf } from "./make.js";

const SERVICES = {
  RENSEIGNEMENT: "Renseignement",
  CATECHESE: "Catéchèse",
  CONTACT_HUMAIN: "Contact humain",
  SUPER_ADMIN: "Super-admin",
};
const PROVIDERS = {
  offline: "modèle intégré",
  code: "mot réservé",
  human: "une personne de l'équipe",
  zai: "GLM (z.ai)",
  anthropic: "Claude (Anthropic)",
  gemini: "Gemini (Google)",
  openrouter: "OpenRouter",
  openai: "modèle compatible OpenAI",
};
const OUTCOMES = {
  ok: "réussi",
  refused: "refusé",
  unavailable: "indisponible",
  invalid: "mal formé",
};
const NUMBER = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });

export class Backstage {
  constructor(aside) {
    this.aside = aside;
    this.turns = aside.querySelector("[data-turns]");
    this.empty = aside.querySelector("[data-turns-empty]");
    this.forget = aside.querySelector("[data-forget]");
  }

  clear() {
    this.turns.replaceChildren();
    this.empty.hidden = false;
  }

  turn(turn) {
    this.empty.hidden = true;
    this.turns.prepend(card(turn));
  }

  state({ mode, held_by: heldBy, parent, admin_mode: isAdmin, until }) {
    const identity = [];
    if (isAdmin) identity.push("Mode super-admin");
    if (parent) identity.push(`Parent vérifié : ${parent}`);
    const end = identity.length && until ? make("small", "", `jusqu'à ${clockOf(until)}`) : "";
    const words = identity.length ? identity.join(", ") : "Rien de prouvé";
    this.fill("[data-identity]", identity.length > 0, words, end);
    this.fill("[data-mode]", mode !== "bot", responder(mode, heldBy));
    this.forget.hidden = !parent;
  }

  fill(where, isOn, ...children) {
    const place = this.aside.querySelector(where);
    place.replaceChildren(...children.filter(Boolean));
    place.classList.toggle("is-on", isOn);
  }
}

function responder(mode, heldBy) {
  if (mode === "human") return `${heldBy ?? "Une personne"}, de l'équipe`;
  return mode === "waiting" ? "Gust-IA, en attendant une personne" : "Gust-IA";
}

function card(turn) {
  const provider = PROVIDERS[turn.provider] ?? turn.provider;
  const head = make(
    "p", "turn-head",
    timeOf(turn.at),
    make("span", `tag tag-${turn.service.toLowerCase()}`, SERVICES[turn.service] ?? turn.service),
  );
  const isHuman = turn.provider === "human";
  const calls = turn.model_calls;
  const facts = [
    provider,
    isHuman ? "" : duration(turn.duration_ms),
    calls ? `${calls} appel${calls > 1 ? "s" : ""} au modèle` : "",
  ].filter(Boolean);
  const tools = turn.tools.length
    ? make("ul", "tools", ...turn.tools.map(tool))
    : make("p", "no-tools", isHuman ? "Réponse écrite à la main." : "Aucun outil appelé.");
  const findings = turn.findings.length
    ? make("ul", "findings", ...turn.findings.map((each) => make("li", "", each)))
    : "";
  return make("li", "turn", head, tools, findings, make("p", "turn-facts", facts.join(" · ")));
}

function tool({ name, arguments: given, outcome, duration_ms: ms }) {
  const pairs = Object.entries(given)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => make("div", "", make("dt", "", key), make("dd", "", words(value))));
  return make(
    "li", `tool tool-${outcome}`,
    make(
      "p", "tool-head",
      make("code", "", name),
      make("span", "outcome", OUTCOMES[outcome] ?? outcome, ms ? make("small", "", ` · ${duration(ms)}`) : ""),
    ),
    pairs.length ? make("dl", "given", ...pairs) : "",
  );
}

function words(value) {
  if (typeof value === "boolean") return value ? "oui" : "non";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function duration(ms) {
  return ms < 1000 ? `${ms} ms` : `${NUMBER.format(ms / 1000)} s`;
}
