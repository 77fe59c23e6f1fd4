"""Checks the benchmark's networks against reference results: python check.py test/conformance/cases"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from networks import build, seeded_input

CASES = [
    ("ssh-unet", "ssh-unet-tsm-small", {}),
    ("ssh-unet", "ssh-unet-tsm-affine-small", {"affine": True}),
    ("ssh-unet", "ssh-unet-tsm-full", {}),
    ("unet3d", "dynunet-3d-small", {"affine": True}),
    ("vnet", "vnet", {}),
]

failed = False
for name, case, settings in CASES:
    reference = json.loads((Path(sys.argv[1]) / f"{case}.json").read_text())
    config = reference["config"]
    network = build(name, {**config, **settings})
    own = {key: list(value.shape) for key, value in network.state_dict().items()}
    want = {tensor["name"]: tensor["shape"] for tensor in reference["tensors"]}
    names = {key for key in own.keys() ^ want.keys() if not key.endswith("num_batches_tracked")}
    shapes = [key for key in own.keys() & want.keys() if own[key] != want[key]]
    with torch.inference_mode():
        output = network(seeded_input(reference["input_shape"])).numpy().ravel()
    found = np.array([output[index] for index in reference["output"]["sample_indices"]])
    deviation = np.abs(found - np.array(reference["output"]["sample_values"])).max()
    good = not names and not shapes and deviation < 1e-4
    failed |= not good
    print(f"{case}: {'agrees' if good else 'DIFFERS'}, largest deviation {deviation:.1e}")
    for key in [*sorted(names), *shapes]:
        print(f"  tensor not as the reference's: {key}")
sys.exit(failed)
