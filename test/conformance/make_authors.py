"""Computes cases/cotr-*.json and cases/nnformer-*.json with the authors' own networks:

    python make_authors.py FOLDER_OF_COTR FOLDER_OF_NNFORMER [PREFIX]

Needs torch, numpy, einops and clones of YtongXie/CoTr and 282857341/nnFormer. Weights and the input are seeded by their
names (docs/weights.md), so that only outputs are stored. `config` has the names of the networks' arguments, or, where
they have none, those of the examples.
"""

import contextlib
import io
import json
import sys
import types
from pathlib import Path

import numpy as np
import torch
from make_cases import summary, uniform
from make_monai import seeded
from torch import nn

COTR, NNFORMER, *PREFIX = sys.argv[1:]

# What the networks import and do not need to compute: training's base class, and two names of timm.
for package in ["CoTr", "nnformer"]:
    base = types.ModuleType(f"{package}.network_architecture.neural_network")
    base.SegmentationNetwork = nn.Module
    sys.modules[base.__name__] = base
for name, values in {
    "nnformer.utilities.nd_softmax": {"softmax_helper": None},
    "nnformer.network_architecture.initialization": {"InitWeights_He": None},
    "timm": {},
    "timm.models": {},
    "timm.models.layers": {
        "DropPath": lambda rate: nn.Identity(),
        "to_3tuple": lambda value: tuple(value) if isinstance(value, (list, tuple)) else (value,) * 3,
        "trunc_normal_": nn.init.trunc_normal_,
    },
}.items():
    module = types.ModuleType(name)
    module.__dict__.update(values)
    sys.modules[name] = module
sys.path[:0] = [f"{COTR}/CoTr_package", NNFORMER]

# CoTr's masks and positions are made on a GPU, whatever else is where.
torch.Tensor.cuda = lambda tensor, *_: tensor

from CoTr.network_architecture.ResTranUnet import ResTranUnet  # noqa: E402
from nnformer.network_architecture.nnFormer_synapse import nnFormer  # noqa: E402


def case(name: str, network, shape: list[int], config: dict) -> None:
    """`network` makes it; a network of several results is compared by its first."""
    if not name.startswith(PREFIX[0] if PREFIX else ""):
        return
    with contextlib.redirect_stdout(io.StringIO()):
        made = network().eval()
    state = {
        key: tensor
        for key, tensor in made.state_dict().items()
        if not key.endswith(("relative_position_index", "num_batches_tracked"))
    }
    image = ((uniform("input", int(np.prod(shape))) + 1) / 2).astype(np.float32).reshape(shape)
    with torch.no_grad():
        for key, tensor in state.items():
            tensor.copy_(seeded(key, list(tensor.shape)))
        output = made(torch.from_numpy(image))
    output = (output[0] if isinstance(output, list) else output).contiguous().numpy()
    result = {
        "case": name,
        "config": config,
        "input_name": "input",
        "input_shape": shape,
        "output_shape": list(output.shape),
        "parameters": sum(tensor.numel() for tensor in made.parameters()),
        "tensors": [{"name": key, "shape": list(tensor.shape)} for key, tensor in state.items()],
        "output": summary(output),
    }
    path = Path(__file__).with_name("cases") / f"{name}.json"
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print(name, result["parameters"], "parameters, output", output.shape, "std", result["output"]["std"])


def cotr(name: str, patch: list[int], classes: int, norm: str, activation: str) -> None:
    case(
        name,
        lambda: ResTranUnet(norm, activation, patch, classes, deep_supervision=True),
        [1, 1, *patch],
        {"system": "CoTr", "classes": classes, "norm": norm, "activation": activation, "patch": patch},
    )


def nnformer(name: str, crop: list[int], batch: int = 1, modalities: int = 1, **config) -> None:
    arguments = {key: value for key, value in config.items() if key != "classes"}
    case(
        name,
        lambda: nnFormer(crop, input_channels=modalities, num_classes=config["classes"], **arguments),
        [batch, modalities, *crop],
        {"system": "nnFormer", "crop": crop, "modalities": modalities, "patch_size": [2, 4, 4], **config},
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    cotr("cotr-instance-norm", [16, 32, 32], classes=3, norm="IN", activation="ReLU")
    cotr("cotr-group-norm", [8, 32, 48], classes=2, norm="GN", activation="LeakyReLU")
    heads = {"depths": [3, 2, 1, 2], "num_heads": [2, 3, 4, 6]}
    nnformer(
        "nnformer-other-windows", [32, 96, 64], classes=3, embedding_dim=12, **heads, window_size=[4, 3, 2, 2],
        deep_supervision=True,
    )
    nnformer(
        "nnformer-odd-widths", [48, 64, 32], batch=2, modalities=2, classes=4, embedding_dim=15, depths=[1, 2, 2, 1],
        num_heads=[3, 5, 6, 4], window_size=[5, 2, 4, 1], deep_supervision=False,
    )
    nnformer(
        "nnformer-other-patches", [48, 32, 96], classes=2, embedding_dim=8, depths=[2, 1, 2, 3], num_heads=[1, 4, 2, 8],
        patch_size=[3, 4, 4], window_size=[2, 4, 3, 7], deep_supervision=False,
    )
