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


def provider_key_set_aside(
    *, provider: str, account: str, key: str, is_out_of_money: bool
) -> str:
    """The alert when a provider refuses a key."""
    why = "n’a plus de crédit" if is_out_of_money else "est refusée"
    return (
        f"⚠️ Fournisseur {provider} : la clé {key} (compte {account}) {why}. Elle est"
        " mise de côté pendant une heure ; les autres clés et le modèle intégré"
        " prennent le relais. À vérifier : main.py providers."
    )


def provider_misconfigured(*, provider: str) -> str:
    """The alert when a provider does not know the model or the address."""
    return (
        f"⚠️ Fournisseur {provider} : le modèle ou l’adresse configurés n’existent pas"
        " chez lui. Les autres fournisseurs et le modèle intégré prennent le relais."
        " À vérifier : main.py providers."
    )


def day_is_spent(*, is_all: bool) -> str:
    """The alert when most, or all, of the day's money is gone."""
    if is_all:
        return (
            "⚠️ La dépense maximale du jour est atteinte : jusqu’à demain, le modèle"
            " intégré répond seul (mode réduit). Détail : main.py providers."
        )
    return (
        "ℹ️ Plus de 80 % de la dépense maximale du jour est utilisée : les modèles"
        " moins chers prennent le relais. Détail : main.py providers."
    )


def credit_is_low(*, provider: str, account: str, left_usd: float) -> str:
    """The alert before an account runs out of money."""
    left = f"{left_usd:.2f}".replace(".", ",")
    return (
        f"⚠️ Fournisseur {provider} : il reste {left} $ sur le compte {account}."
        " Pensez à le recharger ; ensuite, les autres fournisseurs et le modèle"
        " intégré prendront le relais."
    )
