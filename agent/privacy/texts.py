"""What a parent reads where a model named somebody whom this conversation has not."""

from collections.abc import Mapping

from agent.language import Language

from .tokens import Kind

UNKNOWN: Mapping[Language, Mapping[Kind, str]] = {
    "fr": {
        "child": "votre enfant",
        "parent": "la personne concernée",
        "surname": "votre famille",
        "phone": "le numéro indiqué",
        "code": "votre code",
        "email": "l'adresse indiquée",
    },
    "en": {
        "child": "your child",
        "parent": "the person concerned",
        "surname": "your family",
        "phone": "the number given",
        "code": "your code",
        "email": "the address given",
    },
}
