"""What the Python that it runs in has for the benchmark. Prints JSON; fails without torch and numpy."""

import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path

import numpy  # noqa: F401
import torch


def version(*names):
    for name in names:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    return None


def folders_of(package):
    spec = importlib.util.find_spec(package)
    return [Path(place) for place in (spec and spec.submodule_search_locations) or []]


card = int(sys.argv[1])
cuda = torch.cuda.is_available()
found = {
    "torch": torch.__version__,
    "cards": torch.cuda.device_count() if cuda else 0,
    # MONAI 1.5's SwinUNETR asks for no size of the image.
    "monai": version("monai", "monai-weekly"),
    "onnxruntimeGpu": version("onnxruntime-gpu"),
    # CUDA's libraries and cuDNN, as NVIDIA's wheels bring them.
    "libraries": [str(lib) for place in folders_of("nvidia") for lib in sorted(place.glob("*/lib"))],
    "providers": [str(place / "capi") for place in folders_of("onnxruntime")],
}
if card < found["cards"]:
    found |= {
        "card": torch.cuda.get_device_name(card),
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(),
    }
print(json.dumps(found))
