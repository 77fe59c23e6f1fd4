"""The networks of the benchmark in plain PyTorch, written from their descriptions, with the reference tensors' names.

SSH-UNet runs its views as one batch and shifts channels by assigning slices, as such networks are commonly written.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def holder(module):
    """A module under the name `conv`, as the references nest theirs."""
    return nn.ModuleDict({"conv": module})


def conv(cin, cout, kernel, stride=1, bias=False):
    padding = [(k - 1) // 2 for k in kernel]
    return holder(nn.Conv3d(cin, cout, kernel, stride, padding, bias=bias))


def instance_norm(channels, affine):
    return nn.InstanceNorm3d(channels, affine=affine)


def shift_slices(x):
    """A quarter of the channels one slice forward, another one backward, zeros at the ends; slices on axis 2."""
    fold = x.shape[1] // 4
    out = torch.zeros_like(x)
    out[:, :fold, 1:] = x[:, :fold, :-1]
    out[:, -fold:, :-1] = x[:, -fold:, 1:]
    out[:, fold:-fold] = x[:, fold:-fold]
    return out


class PlainBlock(nn.Module):
    """Twice convolution, norm, LeakyReLU."""

    def __init__(self, cin, cout, stride, affine):
        super().__init__()
        self.conv1 = conv(cin, cout, (3, 3, 3), stride)
        self.conv2 = conv(cout, cout, (3, 3, 3))
        self.norm1, self.norm2 = instance_norm(cout, affine), instance_norm(cout, affine)

    def forward(self, x):
        x = F.leaky_relu(self.norm1(self.conv1.conv(x)), 0.01)
        return F.leaky_relu(self.norm2(self.conv2.conv(x)), 0.01)


class SliceShiftBlock(nn.Module):
    """Two 1x3x3 convolutions around a residual, with channels shifted between slices after each."""

    def __init__(self, cin, cout, stride, affine, shift=True):
        super().__init__()
        self.conv1 = conv(cin, cout, (1, 3, 3), stride)
        self.conv2 = conv(cout, cout, (1, 3, 3))
        self.conv3 = conv(cin, cout, (1, 1, 1), stride)
        for name in ("norm1", "norm2", "norm3"):
            setattr(self, name, instance_norm(cout, affine))
        self.move = shift_slices if shift else lambda x: x

    def forward(self, x):
        y = F.leaky_relu(self.norm1(self.move(self.conv1.conv(x))), 0.01)
        y = self.move(self.conv2.conv(y))
        return F.leaky_relu(self.norm2(y + self.norm3(self.conv3.conv(x))), 0.01)


class Up(nn.Module):
    """Twice the size, then what the encoder saw beside it."""

    def __init__(self, cin, cout, block):
        super().__init__()
        self.transp_conv = holder(nn.ConvTranspose3d(cin, cout, 2, 2, bias=True))
        self.conv_block = block

    def forward(self, x, skip):
        return self.conv_block(torch.cat((self.transp_conv.conv(x), skip), 1))


class UNet(nn.Module):
    """SSH-UNet (views and slice shift), or the 3D U-Net of the same paper's ablation."""

    def __init__(self, classes, filters, slice_shift, affine=False):
        super().__init__()
        block = SliceShiftBlock if slice_shift else PlainBlock
        last = len(filters) - 1
        still = {"shift": False} if slice_shift else {}
        self.slice_shift = slice_shift
        self.input_block = block(1, filters[0], 1, affine)
        self.downsamples = nn.ModuleList(
            block(filters[i - 1], filters[i], 2, affine) for i in range(1, last)
        )
        self.bottleneck = block(filters[last - 1], filters[last], 2, affine)
        self.upsamples = nn.ModuleList(
            Up(
                filters[i + 1],
                filters[i],
                block(2 * filters[i], filters[i], 1, affine, **(still if i == 0 else {})),
            )
            for i in reversed(range(last))
        )
        head = {"conv": conv(filters[0], classes, (1, 1, 1), bias=True)}
        if slice_shift:
            head["conv1"] = conv(filters[0], filters[0], (1, 1, 1), bias=True)
            head["norm"] = instance_norm(filters[0], False)
        self.output_block = nn.ModuleDict(head)

    def features(self, x):
        skips = [self.input_block(x)]
        for down in self.downsamples:
            skips.append(down(skips[-1]))
        x = self.bottleneck(skips[-1])
        for up in self.upsamples:
            x = up(x, skips.pop())
        return x

    def forward(self, x):
        head = self.output_block
        if not self.slice_shift:
            return head["conv"].conv(self.features(x))
        n = x.shape[0]
        # Slices along x, along y with h = x, along z with h = y.
        views = torch.cat((x, x.permute(0, 1, 3, 2, 4), x.permute(0, 1, 4, 3, 2)))
        a, b, c = self.features(views).split(n)
        x = a + b.permute(0, 1, 3, 2, 4) + c.permute(0, 1, 4, 3, 2)
        x = F.leaky_relu(head["norm"](head["conv1"].conv(x)), 0.01)
        return head["conv"].conv(x)


class NormedConv(nn.Module):
    """A 5x5x5 convolution and its batch norm, nested as MONAI nests them."""

    def __init__(self, cin, cout):
        super().__init__()
        adn = nn.ModuleDict({"N": nn.BatchNorm3d(cout)})
        parts = {"conv": nn.Conv3d(cin, cout, 5, padding=2, bias=False), "adn": adn}
        self.conv_block = nn.ModuleDict(parts)

    def forward(self, x):
        return self.conv_block["adn"]["N"](self.conv_block["conv"](x))


class Level(nn.Module):
    """A change of size, where `size` names its convolution, and a residual of some convolutions."""

    def __init__(self, name, norm, resize, channels, residual, count):
        super().__init__()
        self.resize, self.norm = name, norm
        self.add_module(name, resize)
        self.add_module(norm, nn.BatchNorm3d(channels))
        self.ops = nn.ModuleList(NormedConv(residual, residual) for _ in range(count))

    def forward(self, x, skip=None):
        x = F.elu(getattr(self, self.norm)(getattr(self, self.resize)(x)))
        x = x if skip is None else torch.cat((x, skip), 1)
        y = x
        for op in self.ops:
            y = F.elu(op(y))
        return F.elu(y + x)


class VNet(nn.Module):
    """V-Net (Milletari, Navab, Ahmadi 2016) as MONAI has it."""

    def __init__(self, classes, filters=(16, 32, 64, 128, 256), down=(1, 2, 3, 2), up=(1, 1, 2, 2)):
        super().__init__()
        self.width = filters
        self.in_tr = NormedConv(1, filters[0])
        for i, count in enumerate(down, 1):
            resize = nn.Conv3d(filters[i - 1], filters[i], 2, 2, bias=False)
            level = Level("down_conv", "bn1", resize, filters[i], filters[i], count)
            self.add_module(f"down_tr{filters[i]}", level)
        # The coarser level gives what is its own width wide, but the bottom, which is half as wide as the levels above.
        below = filters[-1]
        for i in reversed(range(len(up))):
            half = filters[i]
            resize = nn.ConvTranspose3d(below, half, 2, 2, bias=True)
            self.add_module(
                f"up_tr{filters[i + 1]}", Level("up_conv", "bn1", resize, half, 2 * half, up[i])
            )
            below = 2 * half
        self.out_tr = NormedConv(2 * filters[0], classes)
        self.out_tr.conv2 = nn.Conv3d(classes, classes, 1)

    def forward(self, x):
        copies = x.repeat(1, self.width[0], 1, 1, 1)
        skips = [F.elu(self.in_tr(x) + copies)]
        for channels in self.width[1:]:
            skips.append(getattr(self, f"down_tr{channels}")(skips[-1]))
        x = skips.pop()
        for channels in reversed(self.width[1:]):
            x = getattr(self, f"up_tr{channels}")(x, skips.pop())
        return self.out_tr.conv2(F.elu(self.out_tr(x)))


def build(name, settings):
    """The network of a name, with `classes` and, where they are given, `filters` and `affine`; seeded, for inference."""
    if name == "vnet":
        network = VNet(settings["classes"])
    else:
        filters = settings.get("filters", (32, 64, 128, 256, 320))
        affine = settings.get("affine", False)
        network = UNet(settings["classes"], filters, name == "ssh-unet", affine)
    return seeded(network)


def seeded(network):
    """A network with seeded weights, for inference; what counts, as numbers of batches and indices, stays."""
    for key, value in network.state_dict().items():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(seeded_tensor(key, tuple(value.shape))))
    return network.eval()


def uniform(name, count):
    """Numbers between -1 and 1 made from a name (`slab compile --init seeded` makes the same)."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        bits = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) ^ np.uint32(seed)
        bits ^= bits >> np.uint32(16)
        bits *= np.uint32(0x85EBCA6B)
        bits ^= bits >> np.uint32(13)
        bits *= np.uint32(0xC2B2AE35)
        bits ^= bits >> np.uint32(16)
    return bits / 2.0**32 * 2 - 1


def seeded_tensor(name, shape):
    count = int(np.prod(shape))
    u = uniform(name, count)
    if name.endswith("running_var"):
        u = 1 + 0.25 * (u + 1)
    elif name.endswith("running_mean"):
        u = 0.2 * u
    elif len(shape) >= 2:
        u = u * np.sqrt(3 / (count / shape[0]))
    elif name.endswith("weight"):
        u = 1 + 0.2 * u
    else:
        u = 0.2 * u
    return u.astype(np.float32).reshape(shape)


def seeded_input(shape):
    return torch.from_numpy(((uniform("input", int(np.prod(shape))) + 1) / 2).astype(np.float32)).reshape(shape)
