"""Runs a network in PyTorch: a pass for each line `pass` on standard input, from the volume in memory to its labels in
memory; `labels` and `scores` write those of all voxels to a file. Answers in JSON, a line each.

`way` is how: `eager` in float32, `eager-tf32`, `autocast` with channels last (float16; bfloat16 on a CPU), `compile`: that,
compiled.
"""

import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "torch"))
from networks import build, seeded, seeded_input  # noqa: E402

job = json.loads(sys.argv[1])
way = job["way"]
device = torch.device("cuda", job["card"]) if job["device"] == "cuda" else torch.device("cpu")
if device.type == "cuda":
    torch.cuda.set_device(device)
    torch.backends.cudnn.benchmark = True
elif job["threads"]:
    torch.set_num_threads(job["threads"])
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = way != "eager"


def monai_network(settings):
    from monai.networks.nets import SwinUNETR

    return seeded(SwinUNETR(in_channels=1, out_channels=settings["classes"], feature_size=48))


def answer(**values):
    print(json.dumps(values), flush=True)


lowered = way in ("autocast", "compile")
name, settings = job["network"], job["settings"]
network = (monai_network(settings) if name == "swin-unetr" else build(name, settings)).to(device)
volume = seeded_input(job["shape"])
if lowered:
    network = network.to(memory_format=torch.channels_last_3d)
run = torch.compile(network) if way == "compile" else network
half = torch.float16 if device.type == "cuda" else torch.bfloat16


def scores_of(values):
    values = values.to(device)
    if lowered:
        values = values.contiguous(memory_format=torch.channels_last_3d)
    with torch.inference_mode(), torch.autocast(device.type, dtype=half, enabled=lowered):
        return run(values)


labels = None
answer(ready=True)
for line in sys.stdin:
    line = line.strip()
    if line == "pass":
        start = time.perf_counter()
        # The copy waits for the device.
        labels = scores_of(volume).argmax(1).to(torch.uint8).cpu()
        answer(seconds=time.perf_counter() - start)
    elif line in ("labels", "scores"):
        values = labels if line == "labels" else scores_of(volume).float().cpu().contiguous()
        values.numpy().tofile(job["output"])
        answer(written=True)
    else:
        break
