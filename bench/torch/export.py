"""Exports one of the networks with torch.onnx.export: python export.py JOB, where JOB is JSON."""

import json
import sys

import torch
from networks import build, seeded_input

job = json.loads(sys.argv[1])
torch.set_num_threads(job["threads"])
network = build(job["network"], job["settings"])
example = seeded_input(job["shape"])
options = {"input_names": ["input"], "output_names": ["output"], "opset_version": 18}
with torch.inference_mode():
    if job["exporter"] == "dynamo":
        torch.onnx.export(network, (example,), job["path"], dynamo=True, external_data=False, verbose=False, **options)
    else:
        torch.onnx.export(network, (example,), job["path"], dynamo=False, **options)
