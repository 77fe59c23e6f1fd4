import { addSizes, constantSize, floorDivideSize, type Size, scaleSize } from "../graph/size.js";

/** How a kernel is laid over one axis; all in elements. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

/** A window for each of several axes, as operations are given them. */
export interface Extents {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
}

export function windowsOf({ kernel, stride, dilation, padding }: Extents): readonly Window[] {
  return kernel.map((size, axis) => ({
    kernel: size,
    stride: stride[axis] as number,
    dilation: dilation[axis] as number,
    padding: padding[axis] as number,
  }));
}

/** The positions of a window on an axis: floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. */
export function windowPositions(size: Size, { kernel, stride, dilation, padding }: Window): Size {
  const room = addSizes(size, constantSize(2 * padding - dilation * (kernel - 1) - 1));
  return addSizes(floorDivideSize(room, stride), constantSize(1));
}

/** The size that a transposed convolution gives an axis: (size - 1) stride - 2 padding + kernel + output padding. */
export function transposedSize(
  size: Size,
  { kernel, stride, padding, outputPadding }: Omit<Window, "dilation"> & { readonly outputPadding: number },
): Size {
  return addSizes(scaleSize(size, stride), constantSize(kernel + outputPadding - stride - 2 * padding));
}
