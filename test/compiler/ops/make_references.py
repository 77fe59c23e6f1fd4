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
    """`inputs` are strings such as "n:1 c:4 x:5"; `compute` gets tensors in that order of axes. A table is written as its
    axes and its numbers: ("i j", torch.tensor([[0, 1], [2, 0]]))."""
    types, tensors = [], []
    for index, given in enumerate(inputs):
        if isinstance(given, tuple):
            axes, numbers = given
            types.append({"axes": axes.split(), "shape": list(numbers.shape), "table": numbers.flatten().tolist()})
            tensors.append(numbers)
            continue
        pairs = [part.split(":") for part in given.split()]
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
            "output": {"axes": (" ".join(types[0]["axes"]) if output_axes is None else output_axes).split(), "shape": list(result.shape)},
            "values": [None if value != value else float(f"{value:.7g}") for value in result.double().flatten().tolist()],
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
sample("over channels", "Softmax", [x2], {"axis": ["c"]}, lambda x: x.softmax(1))
sample("over the last axis", "Softmax", [x2], {"axis": ["y"]}, lambda x: x.softmax(3))
sample("2D", "Dropout", [x2], {"rate": 0.5}, lambda x: x)
sample("2D", "negate", [x2], {}, lambda x: -x)
sample("2D", "reciprocal", [x2], {}, lambda x: 1 / x)
sample("factor and offset", "scale", [x2], {"factor": 2.5, "offset": -0.75}, lambda x: x * 2.5 - 0.75)
sample("factor", "scale", [x2], {"factor": -3, "offset": 0}, lambda x: x * -3)
sample("offset", "scale", [x2], {"factor": 1, "offset": 4}, lambda x: x + 4)
sample("nothing", "scale", [x2], {"factor": 1, "offset": 0}, lambda x: x)

sample("2D", "MaxPool", [x2], {"kernel": 2, "padding": 0}, lambda x: F.max_pool2d(x, 2))
sample("2D as in a ResNet", "MaxPool", ["n:1 c:2 h:7 w:8"], {"kernel": 3, "stride": 2, "padding": 1},
       lambda x: F.max_pool2d(x, 3, 2, 1))
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
sample("the other way round", "Shift", [slices], {"axis": "s", "fold": fold(1, 3), "distance": -1},
       lambda x: shift(x, 1, 2, 1 / 3, -1))
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

for text, given, call in [
    (x3, {"groups": 2, "affine": False, "epsilon": 1e-5}, lambda x: F.group_norm(x, 2)),
    (x2, {"groups": 4, "affine": True, "epsilon": 1e-3},
     lambda x: F.group_norm(x, 4, weight("weight", 4), weight("bias", 4), 1e-3)),
    ("n:2 t:3 c:6", {"groups": 3, "affine": True, "epsilon": 1e-5},
     lambda x: F.group_norm(x.permute(0, 2, 1), 3, weight("weight", 6), weight("bias", 6)).permute(0, 2, 1)),
    ("n:2 c:6", {"groups": 2, "affine": True, "epsilon": 1e-5},
     lambda x: F.group_norm(x, 2, weight("weight", 6), weight("bias", 6))),
    ("n:1 c:2 t:2062", {"groups": 1, "affine": False, "epsilon": 1e-5}, lambda x: F.group_norm(x, 1)),
]:
    sample(text, "GroupNorm", [text], given, call, roles=["weight", "bias"] if given["affine"] else [])
sample("over channels in front", "LayerNorm", [x2], {"axes": ["c"], "affine": True, "epsilon": 1e-5},
       lambda x: F.layer_norm(x.movedim(1, -1), (4,), weight("weight", 4), weight("bias", 4)).movedim(-1, 1),
       roles=["weight", "bias"])
sample("over the last axis", "LayerNorm", ["n:2 t:3 c:5"], {"axes": ["c"], "affine": False, "epsilon": 1e-2},
       lambda x: F.layer_norm(x, (5,), eps=1e-2))
sample("over two axes in another order", "LayerNorm", ["n:2 h:3 c:5 w:4"],
       {"axes": ["w", "h"], "affine": True, "epsilon": 1e-5},
       lambda x: F.layer_norm(x.permute(0, 2, 3, 1), (4, 3), weight("weight", 4, 3), weight("bias", 4, 3)).permute(
           0, 3, 1, 2), roles=["weight", "bias"])


def linear(axis, size, bias):
    return {"axes": [{"axis": axis, "value": size}], "bias": bias}


sample("along the last axis", "Linear", ["n:2 t:3 c:5"], linear("c", 4, True),
       lambda x: F.linear(x, weight("weight", 4, 5), weight("bias", 4)), roles=["weight", "bias"])
sample("along the only axis", "Linear", ["c:5"], linear("c", 4, False), lambda x: F.linear(x, weight("weight", 4, 5)),
       roles=["weight"])
sample("channels in front of three axes", "Linear", [x3], linear("c", 6, True),
       lambda x: F.linear(x.movedim(1, -1), weight("weight", 6, 4), weight("bias", 6)).movedim(-1, 1),
       roles=["weight", "bias"])
sample("channels before one axis", "Linear", ["n:2 c:4 t:5"], linear("c", 3, False),
       lambda x: F.linear(x.movedim(1, -1), weight("weight", 3, 4)).movedim(-1, 1), roles=["weight"])
sample("channels before one axis, with bias", "Linear", ["n:2 c:4 t:5"], linear("c", 3, True),
       lambda x: F.linear(x.movedim(1, -1), weight("weight", 3, 4), weight("bias", 3)).movedim(-1, 1),
       roles=["weight", "bias"])
sample("tokens, not channels", "Linear", ["t:5 c:4 w:3"], linear("t", 2, False),
       lambda x: F.linear(x.movedim(0, -1), weight("weight", 2, 5)).movedim(-1, 0), roles=["weight"])

sample("one slope", "PReLU", [x2], {"channels": False}, lambda x: F.prelu(x, weight("weight", 1)), roles=["weight"])
sample("a slope for each channel", "PReLU", [x3], {"channels": True}, lambda x: F.prelu(x, weight("weight", 4)),
       roles=["weight"])
sample("channels last", "PReLU", ["n:2 t:3 c:5"], {"channels": True},
       lambda x: F.prelu(x.movedim(-1, 1), weight("weight", 5)).movedim(1, -1), roles=["weight"])
sample("2D", "SiLU", [x2], {}, F.silu)
sample("2D", "Softplus", [x2], {}, F.softplus)
sample("2D", "Exp", [x2], {}, torch.exp)
sample("of squares", "Sqrt", ["k:9"], {}, torch.sqrt)
sample("2D", "Sin", [x2], {}, torch.sin)
sample("2D", "Floor", [x2], {}, torch.floor)
sample("of an axis", "Index", ["n:2 c:3 x:5"], {"axis": "x", "share": False}, lambda x: torch.arange(5.0), output_axes="x")
sample("as shares", "Index", ["n:2 c:3 x:5"], {"axis": "c", "share": True}, lambda x: (torch.arange(3) + 0.5) / 3,
       output_axes="c")

for name, call in [("Mean", torch.mean), ("Sum", torch.sum), ("Max", torch.amax)]:
    sample("the spatial axes", name, [x2], {"axes": ["x", "y"]}, lambda x, f=call: f(x, (2, 3)), output_axes="n c")
    sample("an axis between", name, [x3], {"axes": ["c"]}, lambda x, f=call: f(x, 1), output_axes="n x y z")
    sample("all axes", name, ["k:9 t:2"], {"axes": ["t", "k"]}, lambda x, f=call: f(x, (0, 1)), output_axes="")
    sample("a long axis and a prime one", name, ["t:3000 c:2 u:1031"], {"axes": ["t", "u"]},
           lambda x, f=call: f(x.double(), (0, 2)), output_axes="c")


def resize(**given):
    return {"mode": "nearest", "align_corners": False, **given}


for label, text, given, mode in [
    ("1D nearest", "n:2 c:3 t:5", {"size": [14]}, "nearest"),
    ("1D nearest downwards", "n:2 c:3 t:14", {"size": [5]}, "nearest"),
    ("1D nearest, rounded below", "n:1 c:1 t:14", {"size": [46]}, "nearest"),
    ("1D nearest, rounded below again", "n:1 c:1 t:28", {"size": [46]}, "nearest"),
    ("2D nearest", x2, {"scale": [3, 2]}, "nearest"),
    ("3D nearest doubling", x3, {"scale": 2}, "nearest"),
    ("3D nearest of one axis", x3, {"scale": [1, 2, 1]}, "nearest"),
    ("1D linear", "n:2 c:3 t:5", {"size": 7}, "linear"),
    ("2D linear", x2, {"scale": [2, 3]}, "bilinear"),
    ("2D linear downwards", x2, {"size": [2, 3]}, "bilinear"),
    ("2D linear to one", x2, {"size": 1}, "bilinear"),
    ("3D linear doubling", x3, {"scale": 2}, "trilinear"),
    ("3D linear to sizes", x3, {"size": [7, 3, 6]}, "trilinear"),
    ("3D linear, corners aligned", x3, {"size": [7, 3, 1], "align_corners": True}, "trilinear"),
    ("2D linear, corners aligned", x2, {"scale": 2, "align_corners": True}, "bilinear"),
]:
    def interpolate(x, given=given, mode=mode):
        spatial = x.dim() - 2
        each = lambda v: tuple(v if isinstance(v, list) else [v] * spatial)
        to = each(given["size"]) if "size" in given else tuple(
            k * s for k, s in zip(each(given["scale"]), x.shape[2:]))
        return F.interpolate(x, size=to, mode=mode, **(
            {} if mode == "nearest" else {"align_corners": given.get("align_corners", False)}))
    sample(label, "Resize", [text], resize(mode="nearest" if mode == "nearest" else "linear", **given), interpolate)
sample("2D nearest with channels last", "Resize", ["n:1 x:3 y:2 c:4"], resize(scale=2),
       lambda x: F.interpolate(x.permute(0, 3, 1, 2), scale_factor=2).permute(0, 2, 3, 1))

sample("over two axes", "Softmax", [x2], {"axis": ["x", "y"]}, lambda x: x.flatten(2).softmax(-1).reshape(x.shape))
sample("over axes that are apart", "Softmax", ["h:3 c:4 w:5"], {"axis": ["w", "h"]},
       lambda x: x.permute(1, 0, 2).flatten(1).softmax(-1).reshape(4, 3, 5).permute(1, 0, 2))
sample("over all axes", "Softmax", ["h:3 w:5"], {"axis": ["h", "w"]}, lambda x: x.flatten().softmax(-1).reshape(3, 5))

for label, inputs, over, formula, axes in [
    ("attention weights", ["n:2 t:5 head:3 d:4", "n:2 u:6 head:3 d:4"], ["d"], "nthd,nuhd->nthu", "n t head u"),
    ("attention values", ["n:2 head:3 t:5 u:6", "n:2 head:3 d:4 u:6"], ["u"], "nhtu,nhdu->nhtd", "n head t d"),
    ("matrices in MatMul's order", ["n:2 t:5 d:4", "n:2 d:4 u:6"], ["d"], "ntd,ndu->ntu", "n t u"),
    ("two summed axes in other orders", ["t:3 d:4 e:5", "e:5 u:2 d:4"], ["d", "e"], "tde,eud->tu", "t u"),
    ("no axis of one alone", ["n:2 d:4", "d:4 n:2"], ["d"], "nd,dn->n", "n"),
    ("several axes of each alone", ["n:2 x:3 y:2 d:4", "n:2 d:4 p:2 q:3"], ["d"], "nxyd,ndpq->nxypq", "n x y p q"),
    ("matched axes behind", ["t:3 n:2 d:4", "d:4 u:5 n:2"], ["d"], "tnd,dun->tnu", "t n u"),
    ("to a number", ["d:4 e:3", "d:4 e:3"], ["d", "e"], "de,de->", ""),
    ("a vector", ["n:2 d:4", "d:4"], ["d"], "nd,d->n", "n"),
]:
    sample(label, "Contract", inputs, {"over": over}, lambda a, b, f=formula: torch.einsum(f, a, b), output_axes=axes)


def grid_sample(x, at, mode="bilinear", padding="zeros", corners=False):
    return F.grid_sample(x, at, mode=mode, padding_mode=padding, align_corners=corners)


def sampled(over, mode="linear", padding="zeros", align_corners=False):
    return {"along": "p", "over": over, "mode": mode, "padding": padding, "align_corners": align_corners}


for label, inputs, attributes, compute, axes in [
    ("three axes, last first", ["n:2 c:3 x:3 y:4 z:5", "n:2 t:7 p:3"], sampled(["z", "y", "x"]),
     lambda x, at: grid_sample(x, at[:, :, None, None])[:, :, :, 0, 0], "n c t"),
    ("three axes in their order", ["n:2 c:3 x:3 y:4 z:5", "n:2 t:7 p:3"], sampled(["x", "y", "z"]),
     lambda x, at: grid_sample(x.permute(0, 1, 4, 3, 2), at[:, :, None, None])[:, :, :, 0, 0], "n c t"),
    ("for every place of another volume", ["n:1 d:2 h:2 x:3 y:4 z:5", "n:1 x:2 p:3 y:3 h:2 z:2"], sampled(["z", "y", "x"]),
     lambda x, at: torch.stack([
         grid_sample(x[:, :, h], at[:, :, :, :, h].permute(0, 1, 3, 4, 2)) for h in range(2)
     ], 2), "n d h x y z"),
    ("two axes, border", ["n:2 c:3 x:3 y:4", "n:2 u:2 v:3 p:2"], sampled(["y", "x"], padding="border"),
     lambda x, at: grid_sample(x, at, padding="border"), "n c u v"),
    ("corners aligned", ["n:2 c:3 x:3 y:4", "n:2 u:2 v:3 p:2"], sampled(["y", "x"], align_corners=True),
     lambda x, at: grid_sample(x, at, corners=True), "n c u v"),
    ("nearest", ["n:2 c:3 x:3 y:4", "n:2 u:2 v:3 p:2"], sampled(["y", "x"], mode="nearest"),
     lambda x, at: grid_sample(x, at, mode="nearest"), "n c u v"),
    ("the same places for all", ["n:2 c:3 x:3 y:4", "t:6 p:2"], sampled(["y", "x"]),
     lambda x, at: grid_sample(x, at[None, :, None].expand(2, -1, -1, -1))[..., 0], "n c t"),
]:
    sample(label, "GridSample", inputs, attributes, compute, output_axes=axes)


def size(value):
    return {"constant": value, "terms": []}


def along(**given):
    """Arguments under the names of axes."""
    return {"axes": [{"axis": axis, "value": value} for axis, value in given.items()]}


def parts(*names, **sized):
    return [{"name": name} for name in names] + [{"name": name, "size": size(value)} for name, value in sized.items()]


def ranges(**given):
    return {"ranges": [{"axis": axis, "first": size(a), "count": size(b - a)} for axis, (a, b) in given.items()]}


sample("two axes, one backward", "Roll", [x2], along(x=2, y=-1), lambda x: x.roll((2, -1), (2, 3)))
sample("farther than the axis is long", "Roll", ["n:1 c:2 t:5"], along(t=-13), lambda x: x.roll(-13, 2))
sample("by the whole axis", "Roll", ["n:1 c:2 t:5"], along(t=5), lambda x: x)
sample("two axes", "flip", [x2], {"axes": ["x", "c"]}, lambda x: x.flip(2, 1))
sample("an axis of one", "flip", ["n:1 t:3"], {"axes": ["n"]}, lambda x: x)
sample("two axes", "repeat", ["n:1 c:2 t:3"], along(c=3, t=2), lambda x: x.repeat(1, 3, 2))
sample("once", "repeat", ["n:1 c:2"], along(c=1), lambda x: x)
sample("quotient outside", "split", ["n:2 c:6 x:4"], along(c=parts("g", d=2)), lambda x: x.reshape(2, 3, 2, 4),
       output_axes="n g d x")
sample("three parts, quotient inside", "split", ["n:2 c:24"],
       along(c=parts(part=3, head=2) + parts("d")), lambda x: x.reshape(2, 3, 2, 4), output_axes="n part head d")
sample("two axes at once", "split", ["c:2 x:6 y:4"], along(y=parts("gy", wy=2), x=parts("gx", wx=3)),
       lambda x: x.reshape(2, 2, 3, 2, 2), output_axes="c gx wx gy wy")
sample("neighbours", "merge", ["n:2 h:3 d:4"], along(c=parts("h", "d")), lambda x: x.reshape(2, 12), output_axes="n c")
sample("into one of them", "merge", ["n:2 c:3 t:4"], along(n=parts("n", "t")),
       lambda x: x.permute(0, 2, 1).reshape(8, 3), output_axes="n c")
sample("against their order", "merge", ["n:2 x:3 c:4 y:5"], along(t=parts("y", "x")),
       lambda x: x.permute(0, 2, 3, 1).reshape(2, 4, 15), output_axes="n c t")
sample("two groups", "merge", ["a:2 b:3 c:4 d:5"], along(p=parts("c", "a"), q=parts("b", "d")),
       lambda x: x.permute(1, 3, 2, 0).reshape(15, 8), output_axes="q p")
sample("traded names", "rename", ["n:1 h:2 w:3"], along(h="w", w="h"), lambda x: x, output_axes="n w h")
sample("two axes", "slice", [x2], ranges(c=(1, 3), y=(0, 2)), lambda x: x[:, 1:3, :, 0:2])
sample("everything", "slice", ["n:1 c:4"], ranges(c=(0, 4)), lambda x: x)
sample("axes of one", "drop", ["n:1 c:3 k:1 t:2"], {"axes": ["k", "n"]}, lambda x: x[0, :, 0], output_axes="c t")
sample("a value before and after", "Pad", [x2], {**along(x=[1, 2], y=1), "mode": "constant", "value": -1.5},
       lambda x: F.pad(x, (1, 1, 1, 2), value=-1.5))
sample("zeros on channels", "Pad", ["n:2 c:3 t:4"], {**along(c=[0, 2]), "mode": "constant"},
       lambda x: F.pad(x, (0, 0, 0, 2)))
sample("nothing", "Pad", ["n:2 c:3"], {**along(c=0), "mode": "edge"}, lambda x: x)
for mode, torch_mode in [("edge", "replicate"), ("reflect", "reflect"), ("wrap", "circular")]:
    sample(mode, "Pad", [x2], {**along(x=[1, 2], y=[2, 0]), "mode": mode},
           lambda x, m=torch_mode: F.pad(x, (2, 0, 1, 2), mode=m))
sample("three tensors", "stack", ["n:2 c:3", "n:2 c:3", "c:3 n:2"], {"along": "k"},
       lambda a, b, c: torch.stack((a, b, c.T), -1), output_axes="n c k")
ways = torch.arange(3)[:, None] - torch.arange(3) + 2
for label, inputs, axes, compute, order in [
    ("along one axis", ["k:5 head:2", ("t u", ways)], ["k"], lambda x, i: x[i], "t u head"),
    ("along an axis in between", ["n:2 k:5 c:3", ("t u", ways)], ["k"], lambda x, i: x[:, i], "n t u c"),
    ("along two axes, tables of one", [x3, ("t", torch.tensor([3, 0, 3])), ("t", torch.tensor([1, 4, 2]))], ["x", "y"],
     lambda v, i, j: v[:, :, i, j], "n c t z"),
    ("along two axes, tables of their own", ["x:5 y:5 head:2", ("tx ux", ways), ("ty uy", ways)], ["x", "y"],
     lambda v, i, j: v[i[:, :, None, None], j], "tx ux ty uy head"),
    ("along axes apart, in another order", [x3, ("a", torch.tensor([5, 0])), ("b", torch.tensor([3, 1, 1]))], ["z", "x"],
     lambda v, i, j: v.permute(4, 2, 0, 1, 3)[i[:, None], j].permute(2, 3, 0, 1, 4), "n c a b y"),
]:
    sample(label, "Gather", inputs, {"along": axes}, compute, output_axes=order)

sample("a weight alone", "param", [], along(c=4, k=3), lambda: weight("value", 4, 3), roles=["value"], output_axes="c k")

lines = [json.dumps(item, separators=(",", ":")) + "\n" for item in samples]
Path(__file__).with_name("references.jsonl").write_text("".join(lines))
print(f"{len(samples)} samples")
