"""Computes cases/unetr-*.json and cases/swin-unetr-*.json with MONAI's own networks: python make_monai.py [PREFIX]

Needs torch, numpy and monai==1.5.*. Weights and the input are seeded by their names (docs/weights.md), so that only
outputs are stored. `config` has the names of MONAI's arguments.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from make_cases import summary, uniform
from monai.networks.nets import UNETR, SwinUNETR


def seeded(name: str, shape: list[int]) -> torch.Tensor:
    """docs/weights.md: what a tensor holds, from its name alone."""
    count = int(np.prod(shape))
    values = uniform(name, count)
    if name.endswith("running_var"):
        values = 1 + 0.25 * (values + 1)
    elif name.endswith("running_mean"):
        values = 0.2 * values
    elif len(shape) >= 2:
        values = values * np.sqrt(3 / (count / shape[0]))
    elif name.endswith("weight"):
        values = 1 + 0.2 * values
    else:
        values = 0.2 * values
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def case(name: str, kind, img: list[int], classes: int, modalities: int = 1, batch: int = 1, **config) -> None:
    if not name.startswith(sys.argv[1] if len(sys.argv) > 1 else ""):
        return
    size = {"img_size": img} if kind is UNETR else {}
    network = kind(in_channels=modalities, out_channels=classes, **size, **config).eval()
    state = {
        key: tensor
        for key, tensor in network.state_dict().items()
        if not key.endswith(("relative_position_index", "num_batches_tracked"))
    }
    shape = [batch, modalities, *img]
    image = ((uniform("input", int(np.prod(shape))) + 1) / 2).astype(np.float32).reshape(shape)
    with torch.no_grad():
        for key, tensor in state.items():
            tensor.copy_(seeded(key, list(tensor.shape)))
        output = network(torch.from_numpy(image)).numpy()
    result = {
        "case": name,
        "config": {"img": img, "classes": classes, "modalities": modalities, **config},
        "input_name": "input",
        "input_shape": shape,
        "output_shape": list(output.shape),
        "parameters": sum(tensor.numel() for tensor in network.parameters()),
        "tensors": [{"name": key, "shape": list(tensor.shape)} for key, tensor in state.items()],
        "output": summary(output),
    }
    path = Path(__file__).with_name("cases") / f"{name}.json"
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print(name, result["parameters"], "parameters, output", output.shape, "std", result["output"]["std"])


if __name__ == "__main__":
    torch.manual_seed(0)
    token = {"hidden_size": 24, "mlp_dim": 40, "num_heads": 3, "feature_size": 4}
    case("unetr-non-cubic", UNETR, [32, 16, 48], 3, batch=2, **token)
    case("unetr-perceptron", UNETR, [16, 48, 32], 4, modalities=2, **{**token, "num_heads": 2}, proj_type="perceptron")
    case("unetr-qkv-bias", UNETR, [32, 32, 16], 3, **token, qkv_bias=True, norm_name="batch")
    case("unetr-plain-blocks", UNETR, [16, 32, 32], 2, **token, res_block=False, norm_name=("instance", {"affine": True}))
    case("unetr-no-blocks", UNETR, [32, 16, 16], 2, **token, conv_block=False, norm_name=("group", {"num_groups": 2}))
    small = {"feature_size": 12, "depths": (2, 2, 2, 2)}
    case("swin-unetr-non-cubic", SwinUNETR, [32, 32, 96], 3, **small)
    case("swin-unetr-windows", SwinUNETR, [64, 32, 32], 2, modalities=2, **small, window_size=[4, 3, 5])
    case("swin-unetr-depths", SwinUNETR, [64, 32, 32], 2, feature_size=24, depths=(1, 3, 2, 1), num_heads=(2, 4, 6, 8))
    case("swin-unetr-no-bias", SwinUNETR, [32, 64, 32], 2, batch=2, **small, qkv_bias=False, mlp_ratio=2.5, normalize=False)
    case("swin-unetr-v2", SwinUNETR, [64, 32, 32], 2, **small, use_v2=True, patch_norm=True, norm_name="batch")
    case("swin-unetr-merging-v2", SwinUNETR, [32, 64, 32], 2, **small, downsample="mergingv2", window_size=4)
