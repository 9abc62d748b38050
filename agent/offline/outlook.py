"""What one turn sees: the talk, the tools that are open, the language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tools.backends.documents import DocumentsOdds, unknown_odds
from tools.code_shapes import CodeShape

from ..language import language_of
from .added_tools import AddedTools, Tools
from .children import known_children
from .codes import find_code
from .lexicon import label_of, word_set
from .subjects import Known, Subjects
from .talk import Done, Exchange, Talk
from .texts import OFFER_ACTION, Language
from .words import spoken, tokens

_LOOK_BACK = 6  # exchanges
_CODE_LOOK_BACK = 3


def _asks_for_code(exchange: Exchange) -> bool:
    if any(done.tool == "search_documents" for done in exchange.done):
        return False
    said = spoken(exchange.reply)
    return " code" in f" {said}" and "confirm" not in said


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The view of one turn; every part of the mind reads it, none changes it."""

    talk: Talk
    tools: Tools
    subjects: Subjects
    today: date
    added: AddedTools = field(default_factory=lambda: AddedTools(None))
    code_shapes: Sequence[CodeShape] = ()
    documents_odds: DocumentsOdds = unknown_odds

    @cached_property
    def language(self) -> Language:
        """The language to answer in: of the message, or of the last clear one."""
        for text in (self.talk.said, *(e.said for e in reversed(self.talk.past))):
            code = find_code(text, is_expected=True, shapes=self.code_shapes)
            said = code.rest if code else text  # a code is in no language
            words = [word for word in tokens(said) if word.isalpha() and len(word) > 1]
            if words:
                is_english = word_set("english").issuperset(words)
                return "en" if is_english else language_of(said)
        return "fr"

    @property
    def is_admin(self) -> bool:
        """Whether the tools of super-admin mode are open."""
        return "find_people" in self.tools

    @property
    def is_verified(self) -> bool:
        """Whether a parent code was proved: then own rows are open."""
        return any(known.is_own and self.is_open(known) for known in self.known)

    @property
    def known(self) -> Iterator[Known]:
        """The actions that this contact may come to use."""
        return (k for k in self.subjects.known if k.requires != "admin")

    def is_open(self, known: Known) -> bool:
        """Whether an action may be called now."""
        return known.action.name in self.tools

    @cached_property
    def children(self) -> tuple[str, ...]:
        """The names of children that were shown in this conversation."""
        # Of this turn only a proved code counts: it comes before all that is asked.
        proved = tuple(d for d in self.talk.done if d.tool == "verify_parent_code")
        now = Exchange(said=self.talk.said, done=proved)
        return known_children((*self.talk.past, now), self.subjects)

    @property
    def last(self) -> Exchange | None:
        """The exchange before this one."""
        return self.talk.past[-1] if self.talk.past else None

    @property
    def last_question(self) -> str:
        """What was looked for in the exchange before, spelt out if it was short."""
        searched = [
            str(done.arguments.get("query", ""))
            for done in (self.last.done if self.last else ())
            if done.tool == "search_documents"
        ]
        return searched[-1] if searched else ""

    @cached_property
    def last_own(self) -> Done | None:
        """The last call of an action on own rows, if it was not long ago."""
        for exchange in reversed(self.talk.past[-_LOOK_BACK:]):
            for done in reversed(exchange.done):
                known = self.subjects.by_name.get(done.tool)
                if known is not None and known.is_own:
                    return done
        return None

    @property
    def spoken_of(self) -> str | None:
        """The action on own rows that was shown before, or has just been offered."""
        if self.last_own is not None:
            return self.last_own.tool
        for known in self.known:
            offer = OFFER_ACTION(self.language, what=self.label(known))
            if known.is_own and offer in self.talk.last_reply:
                return known.action.name
        return None

    @property
    def code_was_asked(self) -> bool:
        """Whether our last reply asked for the parent code."""
        return self.last is not None and _asks_for_code(self.last)

    @cached_property
    def brings_code(self) -> bool:
        """Whether this message holds a code: what it asks is the writer's own."""
        found = find_code(
            self.talk.said, is_expected=self.code_is_awaited, shapes=self.code_shapes
        )
        return found is not None and not self.is_admin

    @property
    def code_is_awaited(self) -> bool:
        """Whether a code was asked for not long ago and has not come yet."""
        if self.is_verified:
            return False
        return any(_asks_for_code(e) for e in self.talk.past[-_CODE_LOOK_BACK:])

    def label(self, known: Known) -> str:
        """How an action is named in a sentence."""
        # A table keeps the words of its own world when no general one is known.
        label = label_of(known.subject, self.language) if known.subject else None
        return label or known.action.table.replace("_", " ")

    def title(self, known: Known) -> str:
        """The label of an action at the head of a line."""
        label = self.label(known)
        return label[:1].upper() + label[1:]
