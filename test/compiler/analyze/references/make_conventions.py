"""Counts of small networks by fvcore, ptflops and PyTorch's counter, for test/compiler/analyze/conventions.test.ts.

Each network is written twice: in Slab, which the test reads, and in PyTorch, which the tools count.
Needs torch 2.13, fvcore 0.1.5 and ptflops 0.6.6. Run: python make_conventions.py > conventions.json
"""

import io
import json
import logging

import torch
import torch.nn.functional as F
from fvcore.nn import FlopCountAnalysis
from ptflops import get_model_complexity_info
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

logging.disable(logging.WARNING)
cases = []


def case(name, shape, tile, slab):
    def register(twin):
        cases.append((name, shape, tile, slab, twin))
        return twin

    return register


@case(
    "convolutions, norms, activations and pools in 3D",
    (3, 12, 16, 20),
    [12, 16, 20],
    """
network Net {
  input volume: float[n, c: 3, x, y, z]
  a = volume -> c1: Conv(8, 3x3x3, bias: true) -> n1: InstanceNorm -> LeakyReLU
  b = a -> c2: Conv(16, 1x3x3, stride: 1x2x2, groups: 4) -> n2: InstanceNorm(affine: true) -> ReLU
  d = b -> c3: Conv(8, 3x3x3, dilation: 2, bias: true) -> n3: BatchNorm -> ELU
  e = d -> MaxPool(2x2x2) -> u: ConvTranspose(6, 2x2x2, stride: 2, groups: 2, bias: true) -> PReLU
  f = e -> AvgPool(3x1x1, stride: 1, padding: 1x0x0) -> Sigmoid
  output result = f -> up: ConvTranspose(4, 3x3x3, stride: 2, padding: 1, output_padding: 1) -> Tanh
}
""",
)
class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv3d(3, 8, 3, padding=1),
            nn.InstanceNorm3d(8),
            nn.LeakyReLU(),
            nn.Conv3d(8, 16, (1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1), groups=4, bias=False),
            nn.InstanceNorm3d(16, affine=True),
            nn.ReLU(),
            nn.Conv3d(16, 8, 3, dilation=2, padding=2),
            nn.BatchNorm3d(8),
            nn.ELU(),
            nn.MaxPool3d(2),
            nn.ConvTranspose3d(8, 6, 2, stride=2, groups=2),
            nn.PReLU(),
            nn.AvgPool3d((3, 1, 1), stride=1, padding=(1, 0, 0)),
            nn.Sigmoid(),
            nn.ConvTranspose3d(6, 4, 3, stride=2, padding=1, output_padding=1, bias=False),
            nn.Tanh(),
        )

    def forward(self, x):
        return self.layers(x)


@case(
    "group norm, resizing and a residual in 2D",
    (4, 18, 24),
    [18, 24],
    """
network Net {
  input image: float[n, c: 4, h, w]
  a = image -> c1: Conv(8, 3x3) -> n1: GroupNorm(2) -> SiLU
  b = a -> c2: Conv(8, 3x3) -> n2: GroupNorm(4, affine: false)
  d = a + b -> GELU -> Resize(scale: 2)
  e = concat(d, d, along: c) -> c3: Conv(4, 1x1, bias: true) -> Resize(scale: 2, mode: "linear")
  output result = 2 * e - 1
}
""",
)
class Resizing(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(4, 8, 3, padding=1, bias=False)
        self.n1 = nn.GroupNorm(2, 8)
        self.c2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.n2 = nn.GroupNorm(4, 8, affine=False)
        self.up1 = nn.Upsample(scale_factor=2, mode="nearest")
        self.c3 = nn.Conv2d(16, 4, 1)
        self.up2 = nn.Upsample(scale_factor=2, mode="bilinear")
        self.silu = nn.SiLU()
        self.gelu = nn.GELU()

    def forward(self, x):
        a = self.silu(self.n1(self.c1(x)))
        b = self.n2(self.c2(a))
        d = self.up1(self.gelu(a + b))
        return 2 * self.up2(self.c3(torch.cat([d, d], 1))) - 1


@case(
    "resizing in 3D",
    (2, 6, 8, 10),
    [6, 8, 10],
    """
network Net {
  input volume: float[n, c: 2, x, y, z]
  output result = volume -> Resize(scale: 2) -> Resize(scale: 1x2x1, mode: "linear") -> c: Conv(3, 1x1x1)
}
""",
)
class Resizing3D(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Upsample(scale_factor=2, mode="nearest"),
            nn.Upsample(scale_factor=(1, 2, 1), mode="trilinear"),
            nn.Conv3d(2, 3, 1, bias=False),
        )

    def forward(self, x):
        return self.layers(x)


@case(
    "attention over tokens",
    (24, 32),
    [24],
    """
network Net {
  input tokens: float[n, t, c: 32]
  normed = tokens -> norm: LayerNorm(c)
  heads = normed -> q: Linear(c: 32, bias: true) -> split(c: (head: 4, d))
  keys = normed -> k: Linear(c: 32, bias: false) -> split(c: (head: 4, d)) -> rename(t: u)
  values = normed -> v: Linear(c: 32, bias: false) -> split(c: (head: 4, d)) -> rename(t: u)
  scores = Contract(heads, keys, over: d) -> Softmax(u)
  mixed = Contract(scores, values, over: u) -> merge(c: (head, d))
  attended = tokens + (mixed -> out: Linear(c: 32, bias: true))
  output result = attended + (attended -> norm2: LayerNorm(c, affine: false) -> up: Linear(c: 64, bias: true) -> GELU
    -> down: Linear(c: 32, bias: true))
}
""",
)
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(32)
        self.q = nn.Linear(32, 32)
        self.k = nn.Linear(32, 32, bias=False)
        self.v = nn.Linear(32, 32, bias=False)
        self.out = nn.Linear(32, 32)
        self.norm2 = nn.LayerNorm(32, elementwise_affine=False)
        self.up = nn.Linear(32, 64)
        self.down = nn.Linear(64, 32)
        self.gelu = nn.GELU()

    def forward(self, tokens):
        n, t, _ = tokens.shape
        normed = self.norm(tokens)
        # [n, head, t, d]
        q, k, v = (f(normed).view(n, t, 4, 8).transpose(1, 2) for f in (self.q, self.k, self.v))
        scores = F.softmax(q @ k.transpose(-1, -2), -1)
        mixed = (scores @ v).transpose(1, 2).reshape(n, t, 32)
        attended = tokens + self.out(mixed)
        return attended + self.down(self.gelu(self.up(self.norm2(attended))))


@case(
    "a classifier in 1D with a global mean",
    (2, 40),
    [40],
    """
network Net {
  input signal: float[n, c: 2, t]
  a = signal -> c1: Conv(6, 5, stride: 2) -> n1: BatchNorm -> ReLU -> MaxPool(3, stride: 2, padding: 1) -> Dropout
  output result = a -> Mean(t) -> fc: Linear(c: 5, bias: true)
}
""",
)
class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(2, 6, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm1d(6),
            nn.ReLU(),
            nn.MaxPool1d(3, 2, 1),
            nn.Dropout(),
        )
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        return self.fc(self.layers(x).mean(2))


@case(
    "weights that three views share",
    (1, 8, 8, 8),
    [8, 8, 8],
    """
use std.views { sagittal, coronal, axial }

network Net {
  input volume: float[n, c: 1, x, y, z]
  output result = sum(volume -> view -> net: Conv(4, 1x3x3, bias: true) -> norm: InstanceNorm -> LeakyReLU -> undo view
                      for view in [sagittal, coronal, axial])
}
""",
)
class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Conv3d(1, 4, (1, 3, 3), padding=(0, 1, 1))
        self.norm = nn.InstanceNorm3d(4)
        self.act = nn.LeakyReLU()

    def forward(self, x):
        def seen(y):
            return self.act(self.norm(self.net(y)))

        return (
            seen(x)
            + seen(x.transpose(2, 3)).transpose(2, 3)
            + seen(x.permute(0, 1, 4, 3, 2)).permute(0, 1, 4, 3, 2)
        )


def counts(twin, shape):
    model = twin().eval()
    inputs = torch.zeros(1, *shape)
    with torch.no_grad():
        output = model(inputs)
        fvcore = int(FlopCountAnalysis(model, inputs).total())
        with FlopCounterMode(display=False) as mode:
            model(inputs)
    ptflops, parameters = get_model_complexity_info(
        model, shape, as_strings=False, print_per_layer_stat=False, ost=io.StringIO()
    )
    return {
        "output": list(output.shape),
        "parameters": parameters,
        "fvcore": fvcore,
        "ptflops": int(ptflops),
        "torch": mode.get_total_flops(),
    }


print(
    json.dumps(
        [
            {"name": name, "tile": tile, "slab": slab.lstrip(), **counts(twin, shape)}
            for name, shape, tile, slab, twin in cases
        ],
        indent=1,
    )
)
