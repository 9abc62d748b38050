"""A reply claims only what a receipt proves.

"J'ai transmis votre demande" without a handoff, or a link to a page that no tool made,
is the most harmful thing a concierge can say: people stop looking for help.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.context import Receipt
from tools.folding import fold

from .texts import Texts

_CLAIMS = re.compile(
    r"\b(j'ai|nous avons|je viens de|i have|i've|we have) (bien |just |already )*"
    r"(transmi\w*|transmettre|prevenu\w*|prevenir|contacte\w*|signale\w*|alerte\w*|"
    r"passed (it |this |your \w+ )?on|forwarded|notified|informed|alerted)"
    r"|\b(votre|la) (demande|question) (est|a) (bien )?(ete )?(bien )?"
    r"(transmise|envoyee|signalee)"
    r"|\b(votre|le) message (est|a) (bien )?(ete )?(bien )?(transmis|envoye)\b"
    r"|\bl'equipe (est|a) (bien )?(ete )?(bien )?(prevenue|informee|alertee)"
    r"|\bje (vous |la |le )?(transmets|previens|contacte|alerte)\b"
    r"|\bje vais (le |la |vous )?(transmettre|prevenir|contacter|alerter)\b"
    r"|\bi(?:'ll| will) (pass (it |this )?on|forward|notify|alert)\b"
    r"|\byour request (is|has been) (passed on|forwarded|sent)"
)
_SENTENCE = re.compile(r"(?<=[.!?\n])(?=\s|$)")
_PAGE_LINK = re.compile(r"\S*/p/[\w-]{8,}\S*")


@dataclass(frozen=True)
class Checked:
    """The reply as it may be sent, and what was changed in it."""

    text: str
    findings: tuple[str, ...] = ()


def check_promises(
    reply: str,
    receipts: Sequence[Receipt],
    *,
    earlier: Sequence[str],
    has_open_handoff: bool,
    texts: Texts,
) -> Checked:
    """The reply without claims and links that nothing proves.

    `earlier` are the replies of this session: a link in them was proved then.
    """
    findings: list[str] = []
    links = {receipt.reference for receipt in receipts if receipt.kind == "page"}
    links |= {link for said in earlier for link in _PAGE_LINK.findall(said)}
    for link in _PAGE_LINK.findall(reply):
        if not any(known in link for known in links):
            reply = reply.replace(link, "").strip()
            findings.append("removed a link that no tool made")
    proved = has_open_handoff or any(r.kind == "handoff" for r in receipts)
    if not proved and _claims(reply):
        findings.append("removed a claim that nothing proves")
        honest = [said for said in _SENTENCE.split(reply) if not _claims(said)]
        reply = "".join(honest).strip()
        # A claim over two sentences, or nothing else: only the truth is left.
        if not reply or _claims(reply):
            return Checked(texts.not_done, tuple(findings))
        return Checked(f"{reply}\n\n{texts.not_done}", tuple(findings))
    return Checked(reply, tuple(findings))


def _claims(text: str) -> bool:
    return bool(_CLAIMS.search(fold(text).replace("’", "'")))
