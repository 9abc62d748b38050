"""The arguments of an action, as far as the message says them."""

from collections.abc import Mapping
from typing import Any

from tools.profile import Parameter

from .children import Name
from .lexicon import section, subjects_of, word_set
from .questions import integer_after
from .subjects import Known
from .words import tokens


def arguments_for(known: Known, text: str, name: Name | None) -> Mapping[str, Any]:
    """What the message says of the action's parameters; the rest is left out."""
    given: dict[str, Any] = {}
    child = known.child_parameter
    for parameter in known.action.parameters:
        if parameter.name == child:
            is_one = name is not None and not name.is_one_of_several
            value: object = name.written if name and is_one else None
        elif parameter.type == "string":
            value = _month(parameter, text)
        else:
            value = integer_after(text, _words_near(parameter, text))
        if value is not None:
            given[parameter.name] = value
    return given


def _words_of(parameter: Parameter) -> list[str]:
    return tokens(f"{parameter.name} {parameter.field}")


def _words_near(parameter: Parameter, text: str) -> frozenset[str]:
    """The words of the text that mean what the parameter is called."""
    own = _words_of(parameter)
    subjects = {subject for word in own for subject in subjects_of(word)}
    return frozenset(
        word
        for word in tokens(text)
        if word in own or not subjects.isdisjoint(subjects_of(word))
    )


def _month(parameter: Parameter, text: str) -> str | None:
    """A month that the message names, for a parameter that is one."""
    if not any("month" in subjects_of(word) for word in _words_of(parameter)):
        return None
    written: list[str] = section("months", "fr")
    folded = [next(iter(tokens(month))) for month in written]
    for word in tokens(text):
        if word in folded and word in word_set("month_words"):
            return written[folded.index(word)]
    return None
