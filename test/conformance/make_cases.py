"""Computes what the references leave open, in plain PyTorch: python make_cases.py

The authors' SSH-UNet stacks its views and so takes cubes alone, and has no setting for the paper's text; MeshNet with group
norms has no reference. Written view by view from the descriptions, on weights seeded by name, in the format of the other
cases: tensors by the published names, statistics of the output and 512 of its values.
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


class Weights:
    """Tensors made when they are first asked for; `tensors` lists them in that order."""

    def __init__(self):
        self.tensors: dict[str, torch.Tensor] = {}

    def __call__(self, name: str, *shape: int) -> torch.Tensor:
        if name not in self.tensors:
            count = int(np.prod(shape))
            values = uniform(name, count)
            if len(shape) >= 2:
                values = values * np.sqrt(3 / (count / shape[0]))
            elif name.endswith("weight"):
                values = 1 + 0.2 * values
            else:
                values = 0.2 * values
            self.tensors[name] = torch.from_numpy(values.astype(np.float32).reshape(shape))
        assert tuple(self.tensors[name].shape) == shape, name
        return self.tensors[name]


def normalize(x: torch.Tensor) -> torch.Tensor:
    """Instance norm without affine, epsilon 1e-5."""
    return F.instance_norm(x, eps=1e-5)


def moved(x: torch.Tensor, step: int) -> torch.Tensor:
    """out[s] = x[s + step], zeros where that is outside. Axes n, c, s, h, w."""
    out = torch.zeros_like(x)
    for s in range(x.shape[2]):
        if 0 <= s + step < x.shape[2]:
            out[:, :, s] = x[:, :, s + step]
    return out


def slice_shift(x: torch.Tensor) -> torch.Tensor:
    """A quarter forward, a quarter backward."""
    fold = x.shape[1] // 4
    return torch.cat([moved(x[:, :fold], -1), x[:, fold:-fold], moved(x[:, -fold:], 1)], 1)


def gates(w: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    """One gate for each half of the channels."""
    out = F.leaky_relu(normalize(x), 0.1)
    weight = w(f"{name}.conv3D.weight", 2, x.shape[1] // 2, 3, 3, 3)
    return torch.tanh(F.conv3d(out, weight, w(f"{name}.conv3D.bias", 2), padding=1, groups=2))


def gate_shift(w: Weights, name: str, x: torch.Tensor, decoder: bool) -> torch.Tensor:
    gate, half, step = gates(w, name, x), x.shape[1] // 2, -1 if decoder else 1
    first, second = gate[:, :1] * x[:, :half], gate[:, 1:] * x[:, half:]
    return torch.cat([moved(first, step), moved(second, -step)], 1) + x - torch.cat([first, second], 1)


def gate_shift_fuse(w: Weights, name: str, full: torch.Tensor, decoder: bool) -> torch.Tensor:
    channels = full.shape[1] // 4
    channels += channels % 2
    x, half, step = full[:, :channels], channels // 2, -1 if decoder else 1
    gate, out = gates(w, name, x), []
    for group in range(2):
        part = x[:, group * half : (group + 1) * half]
        gated = gate[:, group : group + 1] * part
        leaves, stays = moved(gated, -step if group else step), part - gated
        pooled = torch.stack([leaves.mean((3, 4)), stays.mean((3, 4))], 1)
        conv = f"{name}.channel_conv{group + 1}"
        logit = F.conv2d(pooled, w(f"{conv}.weight", 1, 2, 3, 3), w(f"{conv}.bias", 1), padding=1)
        share = torch.sigmoid(logit)[:, 0, :, :, None, None]
        out.append(leaves * share + stays * (1 - share))
    return torch.cat([*out, full[:, channels:]], 1)


def ssh_unet(w: Weights, volume: torch.Tensor, config: dict) -> torch.Tensor:
    """One view after another. Text "paper": no shift in the input block, one after the second convolution elsewhere."""
    widths, classes, kind = config["filters"], config["classes"], config.get("shift", "tsm")
    paper = config.get("text") == "paper"

    def shift(name, x, decoder):
        if kind == "tsm":
            return slice_shift(x)
        return (gate_shift if kind == "gsm" else gate_shift_fuse)(w, f"{name}.shift", x, decoder)

    def block(name, x, out, stride=1, shifts=(True, True), decoder=False):
        y = F.conv3d(x, w(f"{name}.conv1.conv.weight", out, x.shape[1], 1, 3, 3), stride=stride, padding=(0, 1, 1))
        y = shift(name, y, decoder) if shifts[0] else y
        y = F.leaky_relu(normalize(y), 0.01)
        y = F.conv3d(y, w(f"{name}.conv2.conv.weight", out, out, 1, 3, 3), padding=(0, 1, 1))
        y = shift(name, y, decoder) if shifts[1] else y
        if x.shape[1] != out or stride != 1:
            x = normalize(F.conv3d(x, w(f"{name}.conv3.conv.weight", out, x.shape[1], 1, 1, 1), stride=stride))
        return F.leaky_relu(normalize(y + x), 0.01)

    def unet(x):
        last, once = len(widths) - 1, (not paper, True)
        skips = [block("input_block", x, widths[0], shifts=(not paper, not paper))]
        for i in range(1, last):
            skips.append(block(f"downsamples.{i - 1}", skips[-1], widths[i], 2, once))
        x = block("bottleneck", skips[-1], widths[last], 2, once)
        for i in reversed(range(last)):
            name = f"upsamples.{last - 1 - i}"
            up = w(f"{name}.transp_conv.conv.weight", x.shape[1], widths[i], 2, 2, 2)
            x = F.conv_transpose3d(x, up, w(f"{name}.transp_conv.conv.bias", widths[i]), stride=2)
            shifts = once if paper or i > 0 else (False, False)
            x = block(f"{name}.conv_block", torch.cat([x, skips[i]], 1), widths[i], 1, shifts, True)
        return x

    # Which axis of the volume x, y, z is read as slice, height and width.
    views = [(2, 1, 0), (0, 2, 1), (1, 2, 0)] if paper else [(0, 1, 2), (1, 0, 2), (2, 1, 0)]
    fused = 0
    for view in views:
        order = (0, 1, *(2 + axis for axis in view))
        fused = fused + unet(volume.permute(order)).permute(tuple(np.argsort(order)))
    name, width = "output_block", widths[0]
    fused = F.conv3d(fused, w(f"{name}.conv1.conv.weight", width, width, 1, 1, 1), w(f"{name}.conv1.conv.bias", width))
    fused = F.leaky_relu(normalize(fused), 0.01)
    return F.conv3d(fused, w(f"{name}.conv.conv.weight", classes, width, 1, 1, 1), w(f"{name}.conv.conv.bias", classes))


def meshnet(w: Weights, x: torch.Tensor, config: dict) -> torch.Tensor:
    """Convolution without bias, a norm of each channel by itself, GELU; the last convolution has a bias."""
    channels, affine = config["channels"], config["affine"]
    dilations = config["dilations"] * config["rounds"]
    for i, dilation in enumerate(dilations):
        conv, norm = (f"model.{3 * i}", f"model.{3 * i + 1}") if affine else (f"model.{i}.0", f"model.{i}.1")
        weight = w(f"{conv}.weight", channels, x.shape[1], 3, 3, 3)
        x = F.conv3d(x, weight, padding=dilation, dilation=dilation)
        scale = [w(f"{norm}.weight", channels), w(f"{norm}.bias", channels)] if affine else []
        x = F.gelu(F.group_norm(x, channels, *scale))
    head, classes = f"model.{len(dilations) * (3 if affine else 1)}", config["classes"]
    return F.conv3d(x, w(f"{head}.weight", classes, channels, 1, 1, 1), w(f"{head}.bias", classes))


def summary(output: np.ndarray) -> dict:
    flat = output.reshape(-1)
    indices = np.linspace(0, flat.size - 1, 512).astype(int)
    return {
        "mean": float(flat.mean(dtype=np.float64)),
        "std": float(flat.std(dtype=np.float64)),
        "min": float(flat.min()),
        "max": float(flat.max()),
        "argmax_histogram": np.bincount(output.argmax(1).reshape(-1), minlength=output.shape[1]).tolist(),
        "sample_indices": indices.tolist(),
        "sample_values": [float(value) for value in flat[indices]],
    }


def case(name: str, compute, config: dict, input_shape: list[int]) -> None:
    volume = ((uniform("input", int(np.prod(input_shape))) + 1) / 2).astype(np.float32).reshape(input_shape)
    weights = Weights()
    with torch.no_grad():
        output = compute(weights, torch.from_numpy(volume), config).contiguous().numpy()
    result = {
        "case": name,
        "config": config,
        "input_name": "input",
        "input_shape": input_shape,
        "output_shape": list(output.shape),
        "parameters": sum(tensor.numel() for tensor in weights.tensors.values()),
        "tensors": [{"name": key, "shape": list(tensor.shape)} for key, tensor in weights.tensors.items()],
        "output": summary(output),
    }
    path = Path(__file__).with_name("cases") / f"{name}.json"
    path.write_text(json.dumps(result) + "\n")
    print(name, result["parameters"], "parameters")


if __name__ == "__main__":
    small = {"filters": [8, 16, 24], "classes": 3}
    tile = [16, 24, 20]
    case("ssh-unet-gsm-non-cubic", ssh_unet, {**small, "shift": "gsm"}, [1, 1, *tile])
    case("ssh-unet-gsf-non-cubic", ssh_unet, {**small, "shift": "gsf"}, [2, 1, *tile])
    case("ssh-unet-paper", ssh_unet, {**small, "text": "paper"}, [1, 1, *tile])
    case("ssh-unet-paper-gsm", ssh_unet, {**small, "text": "paper", "shift": "gsm"}, [1, 1, *tile])
    mesh = {"classes": 3, "channels": 6, "dilations": [4, 2, 1], "rounds": 2}
    case("meshnet-group-norm", meshnet, {**mesh, "affine": False}, [1, 1, 14, 12, 10])
    case("meshnet-group-norm-affine", meshnet, {**mesh, "affine": True}, [1, 1, 14, 12, 10])
