"""Writes monai-tiles.json: what MONAI's sliding_window_inference gives for a made-up volume and network.

    python test/runtime/tiling/make_monai_tiles.py    (with torch and monai)
"""

import itertools
import json
import pathlib

import monai
import numpy
import torch
from monai.inferers import sliding_window_inference

TILE = (4, 5, 6)
FACTORS = torch.tensor([0, 1, -1.5, 2.25]).view(1, 4, 1, 1, 1)
SLOPES = torch.tensor([0.5, -0.125, 0.25, -0.375]).view(1, 4, 1, 1, 1)


def volume(size):
    index = numpy.arange(numpy.prod(size), dtype=numpy.int64)
    values = ((index * 7919 + index * index * 13) % 101) / 64 - 0.75
    return torch.from_numpy(values.astype(numpy.float32)).view(1, 1, *size)


def network(tiles):
    """Four scores that depend on the voxel and on its place within the tile."""
    i, j, k = (torch.arange(length) for length in tiles.shape[2:])
    place = (i[:, None, None] + 2 * j[None, :, None] + 3 * k[None, None, :]) % 7
    return tiles * FACTORS + place.float() * SLOPES


def mirrored(axes):
    """The mean over all combinations of axes turned round."""

    def run(tiles):
        total = 0
        chosen = [c for n in range(len(axes) + 1) for c in itertools.combinations(axes, n)]
        for turned in chosen:
            dims = [2 + axis for axis in turned]
            total = total + network(tiles.flip(dims)).flip(dims)
        return total / len(chosen)

    return run


MODES = {"edge": "replicate", "reflect": "reflect", "wrap": "circular"}


def case(size, overlap, blend, pad, mirror=()):
    data = volume(size)
    value = {"constant(0.25)": 0.25, "minimum": float(data.min())}.get(pad, 0.0)
    scores = sliding_window_inference(
        data, TILE, 1, mirrored(mirror) if mirror else network, overlap=overlap, mode=blend,
        padding_mode=MODES.get(pad, "constant"), cval=value,
    )[0]
    sampled = numpy.linspace(0, scores.numel() - 1, 24).astype(int)
    return {
        "size": size, "tile": TILE, "overlap": overlap, "blend": blend, "pad": pad, "mirror": mirror,
        "labels": "".join(str(int(label)) for label in scores.argmax(0).flatten()),
        "sampled": [[int(i), float(scores.flatten()[i])] for i in sampled],
    }


overlaps, blends = (0, 0.25, 0.5, 0.75), ("constant", "gaussian")
cases = [
    case(size, overlap, blend, "constant")
    for size in [(9, 7, 13), (5, 11, 6), (3, 4, 5), (4, 5, 6), (3, 12, 7)]
    for overlap in overlaps
    for blend in blends
]
cases += [
    case(size, 0.5, "gaussian", pad)
    for size in [(3, 3, 4), (3, 9, 4)]
    for pad in ("constant(0.25)", "edge", "reflect", "wrap", "minimum")
]
cases += [case((9, 7, 5), 0.25, blend, "edge", mirror) for blend in blends for mirror in [(2,), (0, 1), (0, 1, 2)]]
content = {"source": f"MONAI {monai.__version__}, PyTorch {torch.__version__.split('+')[0]}, float32", "cases": cases}
lines = ",\n".join("    " + json.dumps(one) for one in cases)
text = f'{{\n  "source": {json.dumps(content["source"])},\n  "cases": [\n{lines}\n  ]\n}}\n'
pathlib.Path(__file__).with_name("monai-tiles.json").write_text(text)
