"""The weights of the file that the product runs, back in the network: to teach them on."""

import math
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from .network import Network

_IN_8_BITS = "MatMulInteger"


def resume(network: Network, file: Path) -> None:
    """Give the network what the file holds; what was rounded to 8 bits stays rounded.

    Raises:
        RuntimeError: the file is of another network.
    """
    model = onnx.load(file)
    held = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    names = set(network.state_dict())
    weights = {name: numbers for name, numbers in held.items() if name in names}
    for node in model.graph.node:
        if node.op_type == _IN_8_BITS:
            # "/layers.0/query/MatMul_quant" makes use of layers.0.query.weight
            name = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            weights[f"{name}.weight"] = _plain(held, node.input[1])
    told = {each.key: float(each.value) for each in model.metadata_props if _is(each)}
    weights["none"] = np.float32(told["none"])
    weights["scale"] = np.float32(math.log(told["scale"]))
    weights["scale_of_mean"] = network.scale_of_mean.detach().numpy()  # in no file
    taken = {name: torch.tensor(np.array(w)) for name, w in weights.items()}
    network.load_state_dict(taken, strict=True)


def _is(told: onnx.StringStringEntryProto) -> bool:
    return told.key in {"none", "scale"}


def _plain(held: dict[str, np.ndarray], quantized: str) -> np.ndarray:
    """A weight as it was before it was rounded, or nearly so; outputs by inputs."""
    name = quantized.removesuffix("_quantized")
    rounded = held[quantized].astype(np.float32)
    return ((rounded - held[f"{name}_zero_point"]) * held[f"{name}_scale"]).T
