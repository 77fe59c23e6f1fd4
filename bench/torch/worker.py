"""Runs a network eagerly, a pass for each line `pass` on standard input; answers in JSON, a line each."""

import json
import resource
import sys
import time

import torch
from networks import build, seeded_input

job = json.loads(sys.argv[1])
torch.set_num_threads(job["threads"])
network = build(job["network"], job["settings"])
volume = seeded_input(job["shape"])


def answer(**values):
    print(json.dumps(values), flush=True)


answer(ready=True)
for line in sys.stdin:
    if line.strip() != "pass":
        break
    start = time.perf_counter()
    with torch.inference_mode():
        output = network(volume)
    seconds = time.perf_counter() - start
    flat = output.reshape(-1)
    samples = flat[:: max(1, flat.numel() // job["samples"])].tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    answer(seconds=seconds, peak=peak, samples=samples)
    del output, flat
