"""What a device reaches at best, as PyTorch measures it: matrix products by precision, and copying. Prints JSON.

python rates.py DEVICE CARD SIZE: FLOP/s of products of SIZE x SIZE matrices, bytes read and written per second by copying.
"""

import json
import sys
import time

import torch

kind, card, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
device = torch.device("cuda", card) if kind == "cuda" else torch.device("cpu")


def wait():
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def fastest(action, runs=8):
    times = []
    for _ in range(runs):
        wait()
        start = time.perf_counter()
        action()
        wait()
        times.append(time.perf_counter() - start)
    return min(times)


def product(dtype, tf32=False):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    a = torch.ones(size, size, device=device, dtype=dtype)
    b, out = torch.ones_like(a), torch.empty_like(a)
    return 2 * size**3 / fastest(lambda: torch.matmul(a, b, out=out))


source = torch.ones(size * size * 4, device=device)
target = torch.empty_like(source)
found = {
    "float32": product(torch.float32),
    "tf32": product(torch.float32, tf32=True),
    # On a CPU float16 products are no measure of anything.
    "float16": product(torch.float16) if device.type == "cuda" else None,
    "copy": 2 * source.numel() * 4 / fastest(lambda: target.copy_(source)),
    "torch": torch.__version__,
}
if device.type == "cuda":
    found |= {"card": torch.cuda.get_device_name(device), "cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version()}
print(json.dumps(found))
