"""Exports MONAI's UNETR or SwinUNETR to ONNX with seeded weights (docs/weights.md), to be timed beside Slab's file.

    python scripts/export_monai.py unetr 96 torchscript unetr-96.onnx
    npx slab compile examples/unetr/unetr.slab -o slab.onnx --tile 96x96x96 --init seeded --checkpoint monai

Needs torch, onnx, onnxscript and monai==1.5.*. The other network is `swin-unetr`, the other exporter `dynamo`.
"""

import sys
from pathlib import Path

import onnx
import torch
from monai.networks.nets import UNETR, SwinUNETR

sys.path.insert(0, str(Path(__file__).parents[1] / "test" / "conformance"))
from make_monai import seeded  # noqa: E402

if __name__ == "__main__":
    name, tile, exporter, path = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    network = UNETR(1, 16, (tile,) * 3) if name == "unetr" else SwinUNETR(1, 16, feature_size=48)
    network.eval()
    with torch.no_grad():
        for key, tensor in network.state_dict().items():
            if not key.endswith(("relative_position_index", "num_batches_tracked")):
                tensor.copy_(seeded(key, list(tensor.shape)))
        image = torch.zeros(1, 1, tile, tile, tile)
        names = {"input_names": ["volume"], "output_names": ["logits"], "opset_version": 20}
        torch.onnx.export(network, (image,), path, dynamo=exporter == "dynamo", **names)
    print(path, len(onnx.load(path, load_external_data=False).graph.node), "nodes")
