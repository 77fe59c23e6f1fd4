"""Computes references.jsonl, what PyTorch gives for samples of every operation: python make_references.py

Weights and inputs are seeded by name, so that only outputs are stored. A sample's axes are what the Slab graph sees;
PyTorch sees n, c, then the other axes in order.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F


def uniform(name: str, count: int) -> np.ndarray:
    """Values in [-1, 1) that depend on the name alone: FNV-1a, then MurmurHash3's finalizer."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 % 2**32
    bits = seed ^ (np.arange(count, dtype=np.uint64) * 0x9E3779B9 % 2**32)
    bits = (bits ^ (bits >> 16)) * 0x85EBCA6B % 2**32
    bits = (bits ^ (bits >> 13)) * 0xC2B2AE35 % 2**32
    return (bits ^ (bits >> 16)).astype(np.float64) / 2**32 * 2 - 1


def weight(role: str, *shape: int) -> torch.Tensor:
    count = int(np.prod(shape))
    u = uniform(f"layer.{role}", count)
    if role == "running_var":
        values = 1 + 0.25 * (u + 1)
    elif role == "running_mean":
        values = 0.2 * u
    elif len(shape) >= 2:
        values = u * np.sqrt(3 / (count / shape[0]))
    elif role == "weight":
        values = 1 + 0.2 * u
    else:
        values = 0.2 * u
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def tensor(index: int, *shape: int) -> torch.Tensor:
    """An input, from -2 to 2, so that activations see both signs."""
    values = ((uniform(f"input{index + 1}", int(np.prod(shape))) + 1) / 2).astype(np.float32)
    return torch.from_numpy((values * np.float32(4) - np.float32(2)).reshape(shape))


samples = []


def sample(name, operation, inputs, attributes, compute, output_axes=None, roles=()):
    """`inputs` are strings such as "n:1 c:4 x:5"; `compute` gets tensors in that order of axes."""
    types, tensors = [], []
    for index, text in enumerate(inputs):
        pairs = [part.split(":") for part in text.split()]
        types.append({"axes": [a for a, _ in pairs], "shape": [int(s) for _, s in pairs]})
        tensors.append(tensor(index, *types[-1]["shape"]))
    result = compute(*tensors)
    samples.append(
        {
            "name": name,
            "operation": operation,
            "inputs": types,
            "attributes": attributes,
            "roles": list(roles),
            "output": {"axes": (output_axes or " ".join(types[0]["axes"])).split(), "shape": list(result.shape)},
            "values": [float(f"{value:.7g}") for value in result.double().flatten().tolist()],
        }
    )


def conv_defaults(**given):
    return {"stride": 1, "dilation": 1, "groups": 1, "bias": False, **given}


x2, x3 = "n:2 c:4 x:5 y:4", "n:1 c:4 x:4 y:5 z:6"
sample("1D", "Conv", ["n:2 c:4 t:9"], conv_defaults(out=3, kernel=3),
       lambda x: F.conv1d(x, weight("weight", 3, 4, 3), padding=1), roles=["weight"])
sample("2D with bias, strided", "Conv", [x2], conv_defaults(out=6, kernel=3, stride=2, bias=True),
       lambda x: F.conv2d(x, weight("weight", 6, 4, 3, 3), weight("bias", 6), stride=2, padding=1),
       roles=["weight", "bias"])
sample("2D dilated in groups", "Conv", [x2], conv_defaults(out=6, kernel=3, dilation=2, groups=2),
       lambda x: F.conv2d(x, weight("weight", 6, 2, 3, 3), padding=2, dilation=2, groups=2), roles=["weight"])
sample("2D depthwise", "Conv", [x2], conv_defaults(out=4, kernel=5, groups=4),
       lambda x: F.conv2d(x, weight("weight", 4, 1, 5, 5), padding=2, groups=4), roles=["weight"])
sample("3D of slices", "Conv", [x3], conv_defaults(out=5, kernel=[1, 3, 3], stride=[1, 2, 2]),
       lambda x: F.conv3d(x, weight("weight", 5, 4, 1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1)), roles=["weight"])
sample("3D with every axis its own", "Conv", [x3],
       conv_defaults(out=2, kernel=[2, 3, 1], stride=[1, 2, 3], padding=[1, 0, 2], dilation=[2, 1, 1]),
       lambda x: F.conv3d(x, weight("weight", 2, 4, 2, 3, 1), stride=(1, 2, 3), padding=(1, 0, 2), dilation=(2, 1, 1)),
       roles=["weight"])
sample("2D with channels last", "Conv", ["n:2 x:5 y:4 c:4"], conv_defaults(out=3, kernel=[3, 1], stride=[2, 1]),
       lambda x: F.conv2d(x.permute(0, 3, 1, 2), weight("weight", 3, 4, 3, 1), stride=(2, 1), padding=(1, 0)).permute(
           0, 2, 3, 1), roles=["weight"])


def transpose_defaults(**given):
    return {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "bias": False, **given}


sample("3D doubling", "ConvTranspose", [x3], transpose_defaults(out=3, kernel=2, stride=2, bias=True),
       lambda x: F.conv_transpose3d(x, weight("weight", 4, 3, 2, 2, 2), weight("bias", 3), stride=2),
       roles=["weight", "bias"])
sample("2D with paddings in groups", "ConvTranspose", [x2],
       transpose_defaults(out=6, kernel=3, stride=[2, 3], padding=1, output_padding=[1, 2], groups=2),
       lambda x: F.conv_transpose2d(x, weight("weight", 4, 3, 3, 3), stride=(2, 3), padding=1, output_padding=(1, 2),
                                    groups=2), roles=["weight"])
sample("1D with channels last", "ConvTranspose", ["n:2 t:5 c:4"], transpose_defaults(out=2, kernel=4, stride=3),
       lambda x: F.conv_transpose1d(x.permute(0, 2, 1), weight("weight", 4, 2, 4), stride=3).permute(0, 2, 1),
       roles=["weight"])

sample("3D", "InstanceNorm", [x3], {"affine": False, "epsilon": 1e-5}, lambda x: F.instance_norm(x))
sample("2D affine", "InstanceNorm", [x2], {"affine": True, "epsilon": 1e-3},
       lambda x: F.instance_norm(x, weight=weight("weight", 4), bias=weight("bias", 4), eps=1e-3),
       roles=["weight", "bias"])
sample("1D with channels last", "InstanceNorm", ["n:2 t:9 c:4"], {"affine": True, "epsilon": 1e-5},
       lambda x: F.instance_norm(x.permute(0, 2, 1), weight=weight("weight", 4), bias=weight("bias", 4)).permute(0, 2, 1),
       roles=["weight", "bias"])
statistics = ["weight", "bias", "running_mean", "running_var"]
for text, label in [(x3, "3D"), ("n:3 c:5", "no axis but n and c")]:
    channels = int(text.split("c:")[1].split()[0])
    sample(label, "BatchNorm", [text], {"epsilon": 1e-4},
           lambda x, channels=channels: F.batch_norm(x, weight("running_mean", channels), weight("running_var", channels),
                                                     weight("weight", channels), weight("bias", channels), eps=1e-4),
           roles=statistics)

sample("2D", "ReLU", [x2], {}, F.relu)
sample("a slope", "LeakyReLU", [x2], {"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2))
sample("the default slope", "LeakyReLU", ["k:9"], {"slope": 0.01}, F.leaky_relu)
sample("an alpha", "ELU", [x2], {"alpha": 1.5}, lambda x: F.elu(x, 1.5))
sample("exact", "GELU", [x2], {"approximate": "none"}, F.gelu)
sample("by tanh", "GELU", [x2], {"approximate": "tanh"}, lambda x: F.gelu(x, approximate="tanh"))
sample("2D", "Sigmoid", [x2], {}, torch.sigmoid)
sample("2D", "Tanh", [x2], {}, torch.tanh)
sample("over channels", "Softmax", [x2], {"axis": "c"}, lambda x: x.softmax(1))
sample("over the last axis", "Softmax", [x2], {"axis": "y"}, lambda x: x.softmax(3))
sample("2D", "Dropout", [x2], {"rate": 0.5}, lambda x: x)
sample("2D", "negate", [x2], {}, lambda x: -x)
sample("2D", "reciprocal", [x2], {}, lambda x: 1 / x)
sample("factor and offset", "scale", [x2], {"factor": 2.5, "offset": -0.75}, lambda x: x * 2.5 - 0.75)
sample("factor", "scale", [x2], {"factor": -3, "offset": 0}, lambda x: x * -3)
sample("offset", "scale", [x2], {"factor": 1, "offset": 4}, lambda x: x + 4)
sample("nothing", "scale", [x2], {"factor": 1, "offset": 0}, lambda x: x)

sample("2D", "MaxPool", [x2], {"kernel": 2, "padding": 0}, lambda x: F.max_pool2d(x, 2))
sample("3D padded", "MaxPool", [x3], {"kernel": [1, 3, 2], "stride": [1, 2, 1], "padding": [0, 1, 1]},
       lambda x: F.max_pool3d(x, (1, 3, 2), (1, 2, 1), (0, 1, 1)))
sample("2D padded", "AvgPool", [x2], {"kernel": 3, "stride": 2, "padding": 1}, lambda x: F.avg_pool2d(x, 3, 2, 1))
sample("3D", "AvgPool", [x3], {"kernel": 2, "padding": 0}, lambda x: F.avg_pool3d(x, 2))


def shift(x: torch.Tensor, channel_axis: int, axis: int, fold: float, distance: int) -> torch.Tensor:
    """By index, as the TSM paper words it."""
    channels, size = x.shape[channel_axis], x.shape[axis]
    moved = int(channels * fold)
    out = torch.zeros_like(x).movedim((channel_axis, axis), (0, 1))
    source = x.movedim((channel_axis, axis), (0, 1))
    for c in range(channels):
        for s in range(size):
            step = -distance if c < moved else distance if c >= channels - moved else 0
            if 0 <= s + step < size:
                out[c, s] = source[c, s + step]
    return out.movedim((0, 1), (channel_axis, axis))


slices = "n:1 c:9 s:4 h:3 w:2"


def fold(numerator, denominator):
    return {"numerator": numerator, "denominator": denominator}


sample("a quarter", "Shift", [slices], {"axis": "s", "fold": fold(1, 4), "distance": 1},
       lambda x: shift(x, 1, 2, 1 / 4, 1))
sample("a half of an even number", "Shift", ["n:1 c:4 s:4 h:3"], {"axis": "s", "fold": fold(1, 2), "distance": 1},
       lambda x: shift(x, 1, 2, 1 / 2, 1))
sample("two steps along the last axis", "Shift", [slices.replace("w:2", "w:5")],
       {"axis": "w", "fold": fold(1, 3), "distance": 2}, lambda x: shift(x, 1, 4, 1 / 3, 2))
sample("further than the axis is long", "Shift", [slices], {"axis": "w", "fold": fold(1, 3), "distance": 2},
       lambda x: shift(x, 1, 4, 1 / 3, 2))
sample("channels last", "Shift", ["n:1 s:4 h:3 c:6"], {"axis": "s", "fold": fold(1, 3), "distance": 1},
       lambda x: shift(x, 3, 1, 1 / 3, 1))
sample("too few channels to move", "Shift", ["n:1 c:3 s:4"], {"axis": "s", "fold": fold(1, 4), "distance": 1},
       lambda x: x)

sample("two", "concat", ["n:1 c:2 x:3 y:4", "n:1 c:3 x:3 y:4"], {"along": "c"}, lambda a, b: torch.cat([a, b], 1))
sample("three along x in other orders", "concat", ["n:1 c:2 x:3 y:4", "n:1 c:2 y:4 x:1", "y:4 x:2 c:2 n:1"],
       {"along": "x"}, lambda a, b, c: torch.cat([a, b.permute(0, 1, 3, 2), c.permute(3, 2, 1, 0)], 2))

for name, function in [("add", torch.add), ("subtract", torch.sub), ("multiply", torch.mul), ("divide", torch.div)]:
    sample("same axes", name, [x2, x2], {}, function)
    sample("same axes in another order", name, [x2, "c:4 y:4 n:2 x:5"], {},
           lambda a, b, f=function: f(a, b.permute(2, 0, 3, 1)))
    sample("axes missing on both sides", name, ["n:2 c:4 x:3", "c:4 y:5"], {},
           lambda a, b, f=function: f(a[..., None], b[None, :, None, :]), output_axes="n c x y")
    sample("an axis missing in front", name, ["x:3 y:5", "c:4 y:5"], {},
           lambda a, b, f=function: f(a[:, :, None], b.permute(1, 0)[None]), output_axes="x y c")
sample("one", "sum", [x2], {}, lambda a: a)
sample("three in other orders", "sum", [x2, "n:2 c:4 y:4 x:5", x2], {}, lambda a, b, c: a + b.permute(0, 1, 3, 2) + c)

sample("a view", "rearrange", ["n:1 c:2 x:3 y:4 z:5"],
       {"axes": ["n", "c", "z", "y", "x"], "names": ["n", "c", "s", "h", "w"]},
       lambda x: x.permute(0, 1, 4, 3, 2), output_axes="n c s h w")
sample("new names only", "rearrange", ["n:1 c:2 x:3"], {"axes": ["n", "c", "x"], "names": ["n", "c", "t"]},
       lambda x: x, output_axes="n c t")

lines = [json.dumps(item, separators=(",", ":")) + "\n" for item in samples]
Path(__file__).with_name("references.jsonl").write_text("".join(lines))
print(f"{len(samples)} samples")
