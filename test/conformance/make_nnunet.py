"""Computes cases/nnunet-v1-small.json and nnunet-v2-small.json with nnU-Net's own networks: python make_nnunet.py

Needs torch and, installed without their dependencies, nnunet==1.7.1 and dynamic-network-architectures==0.4.4.
Weights and the input are seeded by their names (docs/weights.md), so that only outputs are stored.
"""

import json
import sys
import types
from pathlib import Path

import numpy as np
import torch
from torch import nn

# Version 1 trains and predicts through this base class, whose imports are old; the network itself needs none of it.
base = types.ModuleType("nnunet.network_architecture.neural_network")
base.SegmentationNetwork = nn.Module
sys.modules[base.__name__] = base

from dynamic_network_architectures.architectures.unet import PlainConvUNet  # noqa: E402
from make_cases import Weights, summary, uniform  # noqa: E402
from nnunet.network_architecture.generic_UNet import Generic_UNet  # noqa: E402

WIDTH = [4, 8, 12, 12]
KERNEL = [[1, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 1]]
STRIDE = [[1, 1, 1], [1, 2, 2], [2, 2, 2], [1, 2, 1]]
CLASSES = 3
TILE = [6, 24, 12]
NORM = {"eps": 1e-5, "affine": True}
ACTIVATION = {"negative_slope": 1e-2, "inplace": True}


def version1() -> nn.Module:
    return Generic_UNet(
        1, WIDTH[0], CLASSES, len(STRIDE) - 1, conv_op=nn.Conv3d, norm_op=nn.InstanceNorm3d, norm_op_kwargs=NORM,
        dropout_op=nn.Dropout3d, dropout_op_kwargs={"p": 0, "inplace": True}, nonlin_kwargs=ACTIVATION,
        final_nonlin=lambda x: x, pool_op_kernel_sizes=STRIDE[1:], conv_kernel_sizes=KERNEL, max_num_features=WIDTH[-1],
        convolutional_pooling=True, convolutional_upsampling=True,
    )


def version2() -> nn.Module:
    return PlainConvUNet(
        1, len(WIDTH), WIDTH, nn.Conv3d, KERNEL, STRIDE, 2, CLASSES, 2, conv_bias=True, norm_op=nn.InstanceNorm3d,
        norm_op_kwargs=NORM, nonlin=nn.LeakyReLU, nonlin_kwargs=ACTIVATION, deep_supervision=True,
    )


def case(version: int, network: nn.Module, about: str) -> dict:
    network.eval()
    # A tensor that stands under several names is seeded by the first of them, which is what `parameters` keeps.
    with torch.no_grad():
        own = dict(network.named_parameters())
        for name, tensor in own.items():
            tensor.copy_(Weights()(name, *tensor.shape))
        shape = [1, 1, *TILE]
        image = (uniform("input", int(np.prod(shape))) + 1) / 2
        outputs = network(torch.from_numpy(image.astype(np.float32).reshape(shape)))
    logits, *deep = [output.numpy() for output in outputs]
    return {
        "case": f"nnunet-v{version}-small",
        "about": about,
        "config": {"width": WIDTH, "kernel": KERNEL, "stride": STRIDE, "classes": CLASSES},
        "input_name": "input",
        "input_shape": shape,
        "output_shape": list(logits.shape),
        "parameters": sum(tensor.numel() for tensor in own.values()),
        "tensors": [{"name": name, "shape": list(tensor.shape)} for name, tensor in own.items()],
        "further_names": [
            {"name": name, "shape": list(tensor.shape)}
            for name, tensor in network.state_dict().items()
            if name not in own
        ],
        "output": summary(logits),
        "deep": [
            {"name": f"deep.{level}", "output_shape": list(output.shape), "output": summary(output)}
            for level, output in enumerate(deep, 1)
        ],
    }


if __name__ == "__main__":
    torch.manual_seed(0)
    for version, network, about in [
        (1, version1(), "nnunet 1.7.1, Generic_UNet, deep supervision"),
        (2, version2(), "dynamic-network-architectures 0.4.4, PlainConvUNet, deep supervision"),
    ]:
        result = case(version, network, f"{about}; PyTorch {torch.__version__}, float32")
        path = Path(__file__).parent / "cases" / f"{result['case']}.json"
        path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
        print(path.name, result["parameters"])
