"""What staff and admins read: short, French, and without anything a parent wrote."""

from datetime import datetime

_CHANNELS = {"whatsapp": "WhatsApp", "telegram": "Telegram", "web": "le site"}


def staff_card(
    number: int, *, urgent: bool, channel: str, since: datetime, link: str
) -> str:
    """The card of a new handoff. It names nobody: a group reads it."""
    head = "🔴 URGENT – demande" if urgent else "🙋 Demande"
    where = _CHANNELS.get(channel, channel.capitalize())
    return (
        f"{head} n° {number}\n"
        "Une personne souhaite parler à quelqu’un du service.\n"
        f"Canal : {where} · reçue le {since:%d/%m/%Y} à {since:%H} h {since:%M}\n"
        f"Pour répondre : {link}"
    )


def codes_under_attack(wrong_codes: int, *, at: datetime) -> str:
    """The alert when many wrong codes come in."""
    return (
        f"⚠️ Alerte : au moins {wrong_codes} codes parent erronés ont été essayés "
        f"en une heure (constaté à {at:%H} h {at:%M}). Les réponses aux codes sont "
        "ralenties ; aucun accès n’a été ouvert par ces essais."
    )
