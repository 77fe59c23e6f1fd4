/** The text of a small network to begin with: 2D convolutions over slices whose neighbours talk through a shift. */
export function starter(network: string): string {
  return `/// ${network}: 2D convolutions look at every axial slice of a scan;
/// shifting some channels by one slice lets neighbouring slices talk.

use std.views { axial }

/// A convolution within each slice, then a shift between slices, around a shortcut.
layer SliceBlock(channels: int) {
  mixed = input
    -> conv1: Conv(channels, 1x3x3)   // a slice thick, three voxels high and wide
    -> Shift(s, 1/4)                  // a quarter of the channels forward, a quarter back
    -> norm1: InstanceNorm
    -> LeakyReLU
    -> conv2: Conv(channels, 1x3x3)
    -> norm2: InstanceNorm

  output mixed + input -> LeakyReLU
}

/// What to segment, and how: settings are given with --set classes=3,channels=32.
network ${network}(
  /// Labels, the background included.
  classes: int = 2,
  channels: int = 16,
  /// Blocks in a row.
  depth: int = 3,
) {
  input scan: float[n, c: 1, x, y, z]
  require depth >= 1, "depth must be at least 1, found {depth}"

  slices = scan -> axial -> stem: Conv(channels, 1x3x3)

  block[0] = slices
  block[i] = block[i-1] -> SliceBlock(channels)   for i in 1..depth

  output logits = block[depth] -> undo axial -> head: Conv(classes, 1x1x1, bias: true)
}
`;
}
