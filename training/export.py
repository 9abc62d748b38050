"""What was taught, as the file that the product runs."""

from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from tools.backends.subwords import Subwords

from .network import Network, batch

OPSET = 17
_AXES = {0: "texts", 1: "pieces"}
_NAMES = ("vectors", "mask", "tokens", "importance")


def write(network: Network, subwords: Subwords, file: Path) -> None:
    """Weights in 8 bits, the vectors of the pieces left to the vocabulary."""
    marks = subwords.marks
    rows = [[marks.begin, *subwords.pieces(text), marks.end] for text in ("un", "a b")]
    with TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            network,
            batch(rows, subwords),
            str(plain),
            input_names=_NAMES[:2],
            output_names=_NAMES[2:],
            dynamic_axes=dict.fromkeys(_NAMES, _AXES),
            opset_version=OPSET,
            dynamo=False,
        )
        quant_pre_process(plain, ready, skip_symbolic_shape=True)
        quantize_dynamic(ready, file, weight_type=QuantType.QInt8, per_channel=True)
    _tell(file, none=network.none.item(), scale=network.scale.exp().item())


def _tell(file: Path, **numbers: float) -> None:
    """Write what else was learnt beside the weights."""
    model = onnx.load(file)
    for name, number in numbers.items():
        told = model.metadata_props.add()
        told.key, told.value = name, f"{number:.5f}"
    onnx.save(model, file)
