"""What a device reaches at best, as PyTorch measures it: matrix products by precision, and copying. Prints JSON.

python rates.py DEVICE CARD SIZE THREADS: FLOP/s of products of SIZE x SIZE matrices, bytes read and written per second by
copying 512 MiB.
"""

import json
import sys
import time

import torch

kind, (card, size, threads) = sys.argv[1], map(int, sys.argv[2:5])
device = torch.device("cuda", card) if kind == "cuda" else torch.device("cpu")
if threads:
    torch.set_num_threads(threads)


def wait():
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def fastest(action, runs=8):
    """Seconds of the fastest run but the first two, which warm up."""
    times = []
    for _ in range(2 + runs):
        wait()
        start = time.perf_counter()
        action()
        wait()
        times.append(time.perf_counter() - start)
    return min(times[2:])


def product(dtype, tf32=False):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    # A card is faster on ones than on numbers that differ.
    a, b = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))
    out = torch.empty_like(a)
    return 2 * size**3 / fastest(lambda: torch.matmul(a, b, out=out))


found = {"float32": product(torch.float32)}
if device.type == "cuda":
    found |= {"tf32": product(torch.float32, tf32=True), "float16": product(torch.float16)}
source = torch.ones(2**27, device=device)
target = torch.empty_like(source)
found["copy"] = 2 * source.numel() * 4 / fastest(lambda: target.copy_(source))
print(json.dumps(found))
