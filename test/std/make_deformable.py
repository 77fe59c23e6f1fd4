"""Computes deformable.json, what PyTorch gives for std/deformable.slab: python make_deformable.py

Needs torch and numpy. Weights and inputs are seeded by name (docs/weights.md); all values of the outputs are stored.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parents[1] / "conformance"))
from make_cases import Weights, uniform  # noqa: E402


def volume(*shape: int) -> torch.Tensor:
    values = (uniform("volume", int(np.prod(shape))) + 1) / 2
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def shares(count: int) -> torch.Tensor:
    """Where the middles of voxels lie along an axis from 0 to 1."""
    return (torch.arange(count) + 0.5) / count


def sine_positions(channels: int, *sizes: int) -> torch.Tensor:
    """[c, x, y, z]: a third of the channels for each axis, sines at even channels of it and cosines at odd ones."""
    share, out = channels // 3, torch.zeros(channels, *sizes)
    for axis, size in enumerate(sizes):
        for channel in range(share):
            angle = 2 * math.pi * shares(size) / 10000 ** (3 * (channel // 3) / share)
            wave = torch.sin(angle) if channel % 2 == 0 else torch.cos(angle)
            out[axis * share + channel] = wave.reshape([size if other == axis else 1 for other in range(3)])
    return out


def linear(w: Weights, name: str, x: torch.Tensor, out: int) -> torch.Tensor:
    return F.linear(x, w(f"{name}.weight", out, x.shape[-1]), w(f"{name}.bias", out))


def norm(w: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    return F.layer_norm(x, x.shape[-1:], w(f"{name}.weight", x.shape[-1]), w(f"{name}.bias", x.shape[-1]))


def block(w: Weights, scales, positions, heads: int, hidden: int, points: int) -> list[torch.Tensor]:
    """Scales [n, c, x, y, z]. Offsets count x, z, y, and places look up z, y, x, as in CoTr's code."""
    n, c = scales[0].shape[:2]
    depth = c // heads
    rows = [scale.permute(0, 2, 3, 4, 1) for scale in scales]
    values = [linear(w, "block.value_proj", row, c) for row in rows]
    results = []
    for row, position in zip(rows, positions):
        query = row + position.permute(1, 2, 3, 0)
        sizes = row.shape[1:4]
        offset = linear(w, "block.self_attn.sampling_offsets", query, heads * len(scales) * points * 3)
        offset = offset.reshape(n, *sizes, heads, len(scales), points, 3)
        weight = linear(w, "block.self_attn.attention_weights", query, heads * len(scales) * points)
        weight = weight.reshape(n, *sizes, heads, -1).softmax(-1).reshape(n, *sizes, heads, len(scales), points)
        own = torch.stack(torch.meshgrid(*(shares(size) for size in sizes), indexing="ij"), -1)[..., [0, 2, 1]]
        attended = torch.zeros(n, *sizes, heads, depth)
        for level, value in enumerate(values):
            x, y, z = value.shape[1:4]
            for head in range(heads):
                seen = value[..., head * depth : (head + 1) * depth].permute(0, 4, 1, 2, 3)
                for point in range(points):
                    place = own + offset[..., head, level, point, :] / torch.tensor([x, z, y])
                    found = F.grid_sample(seen, 2 * place - 1, align_corners=False).permute(0, 2, 3, 4, 1)
                    attended[..., head, :] += found * weight[..., head, level, point, None]
        mixed = linear(w, "block.self_attn.output_proj", attended.flatten(-2), c)
        mixed = norm(w, "block.norm1", row + mixed)
        fed = linear(w, "block.linear2", F.gelu(linear(w, "block.linear1", mixed, hidden)), c)
        results.append(norm(w, "block.norm2", mixed + fed).permute(0, 4, 1, 2, 3))
    return results


def stored(tensor: torch.Tensor) -> dict:
    values = [float(f"{value:.7g}") for value in tensor.contiguous().flatten().tolist()]
    return {"shape": list(tensor.shape), "values": values}


if __name__ == "__main__":
    weights, fine = Weights(), volume(2, 12, 4, 2, 6)
    coarse = F.avg_pool3d(fine, 2)
    positions = [sine_positions(12, *scale.shape[2:]) for scale in (fine, coarse)]
    blocks = block(weights, [fine, coarse], positions, heads=2, hidden=10, points=3)
    results = {
        "positions": stored(sine_positions(24, 3, 2, 5)),
        "fine": stored(blocks[0]),
        "coarse": stored(blocks[1]),
    }
    Path(__file__).with_name("deformable.json").write_text(json.dumps(results, separators=(",", ":")) + "\n")
    print({name: result["shape"] for name, result in results.items()})
