// The events of one contact's conversation; comes back by itself after an outage.

const KINDS = ["reset", "ready", "message", "reply", "turn", "state", "typing"];
const AGAIN_MS = 3000;

export function listen(contact, { onEvent, onLost }) {
  let source = null;
  let timer = null;

  function open() {
    source = new EventSource(`/chat/${encodeURIComponent(contact)}/events`);
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => onEvent(kind, JSON.parse(event.data)));
    }
    source.addEventListener("error", () => {
      onLost();
      // The browser tries again after a broken line, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
    });
  }

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
