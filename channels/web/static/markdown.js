// Light Markdown of a reply as DOM nodes. Text only ever becomes text nodes.

const INLINE = new RegExp(
  [
    /\*\*(?<bold>\S(?:.*?\S)?)\*\*/,
    /(?<![\w*])\*(?<star>[^\s*](?:[^*]*?[^\s*])?)\*(?![\w*])/,
    /(?<!\w)_(?<under>[^\s_](?:.*?[^\s_])?)_(?!\w)/,
    /\[(?<label>[^\]]+)\]\((?<target>[^)\s]+)\)/,
    /(?<url>https?:\/\/[^\s<>"«»]+)/,
  ].map((part) => part.source).join("|"),
  "u",
);
const BULLET = /^\s*[-*•]\s+(?<words>.*)$/u;
const NUMBERED = /^\s*(?<number>\d{1,3})[.)]\s+(?<words>.*)$/u;
const HEADING = /^#{1,6}\s+(?<words>.*)$/u;
const SCHEMES = ["https:", "http:", "mailto:", "tel:"];

export function fromMarkdown(text) {
  const whole = document.createDocumentFragment();
  let open = null;
  for (const line of unbroken(text).split(/\r?\n/u)) {
    const bullet = BULLET.exec(line);
    const numbered = NUMBERED.exec(line);
    if (bullet || numbered) {
      open = block(whole, open, bullet ? "UL" : "OL");
      open.append(entry(bullet ?? numbered));
    } else if (line.trim() === "") {
      open = null;
    } else {
      const last = open;
      open = block(whole, open, "P");
      if (open === last) open.append(document.createElement("br"));
      const heading = HEADING.exec(line);
      open.append(heading ? wrap("strong", heading.groups.words) : inline(line));
    }
  }
  return whole;
}

// In French a space goes before these signs, inside 9 h 30 and
// 4 500 FCFA; no line may break there.
const BOUND = /(?<=«) | (?=[»?!;:])|(?<=\d) (?=h(?!\p{L})|\d{3}(?!\d)|FCFA)|(?<=\d\sh) (?=\d)/gu;
const unbroken = (text) => text.replace(BOUND, "\u00a0");

function block(whole, open, tag) {
  if (open?.tagName === tag) return open;
  const fresh = document.createElement(tag);
  whole.append(fresh);
  return fresh;
}

function entry(match) {
  const made = wrap("li", match.groups.words);
  // People answer with the number that they read: it must stay what was written.
  if (match.groups.number) made.value = Number(match.groups.number);
  return made;
}

function inline(text) {
  const made = document.createDocumentFragment();
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    made.append(rest.slice(0, found.index));
    const { bold, star, under, label, target, url } = found.groups;
    let length = found[0].length;
    if (bold ?? star) made.append(wrap("strong", bold ?? star)); // *one*: as WhatsApp does
    else if (under) made.append(wrap("em", under));
    else if (label) made.append(link(target, label) ?? found[0]);
    else {
      const bare = url.replace(/[.,;:!?)\]]+$/u, "");
      length = bare.length;
      made.append(link(bare, bare) ?? bare);
    }
    rest = rest.slice(found.index + length);
  }
  made.append(rest);
  return made;
}

function wrap(tag, text) {
  const made = document.createElement(tag);
  made.append(inline(text));
  return made;
}

function link(target, label) {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (!url || !SCHEMES.includes(url.protocol)) return null;
  const made = document.createElement("a");
  made.href = url.href;
  made.textContent = label;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}
