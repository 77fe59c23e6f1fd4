import fc from "fast-check";
import { type CheckedNetwork, SlabFailure } from "../../../src/compiler/index.js";
import { check } from "../elaborate/programs.js";

/** A random network as text, over `volume: float[n, c: 4, x, y, z]` and at least one operation long. */
export function programs(options: { readonly steps?: number } = {}): fc.Arbitrary<readonly string[]> {
  return fc
    .array(fc.oneof(...steps), { minLength: 1, maxLength: options.steps ?? 6 })
    .map((chosen) => chosen.map((step, index) => `  t${index + 1} = ${step(`t${index}`)}`));
}

/** A view that changes nothing but the order of axes in memory. */
export const reversedView = "view reversed { z: z, y: y, x: x }";

/** The program with its input's axes as given: `n, c: 4, x, y: 8, z`. */
export function programText(body: readonly string[], axes: string): string {
  return [
    "use std.views { sagittal, axial }",
    reversedView,
    "network Net {",
    `  input volume: float[${axes}]`,
    "  t0 = volume",
    ...body,
    `  output result = t${body.length}`,
    "}",
    "",
  ].join("\n");
}

/** Makes one definition's right side out of the name of what comes before. */
type Step = (input: string) => string;

const size = (minimum: number, maximum: number) =>
  fc
    .array(fc.integer({ min: minimum, max: maximum }), { minLength: 3, maxLength: 3 })
    .map((sizes) => sizes.join("x"));
const flag = fc.boolean();

const convolution = fc
  .record({
    out: fc.constantFrom(4, 8),
    kernel: size(1, 3),
    stride: size(1, 3),
    dilation: size(1, 2),
    padding: size(0, 2),
    groups: fc.constantFrom(1, 2, 4),
    bias: flag,
  })
  .map(({ out, kernel, ...others }): Step => {
    return (input) => `${input} -> Conv(${out}, ${kernel}, ${named(others)})`;
  });
const transposed = fc
  .record({
    out: fc.constantFrom(4, 8),
    kernel: size(2, 3),
    stride: size(1, 3),
    padding: size(0, 1),
    groups: fc.constantFrom(1, 2),
    bias: flag,
  })
  .map(({ out, kernel, ...others }): Step => {
    return (input) => `${input} -> ConvTranspose(${out}, ${kernel}, ${named(others)})`;
  });
const pool = fc
  .record({
    name: fc.constantFrom("MaxPool", "AvgPool"),
    kernel: size(2, 3),
    stride: size(1, 2),
    padding: size(0, 1),
  })
  .map(
    ({ name, kernel, ...others }): Step =>
      (input) =>
        `${input} -> ${name}(${kernel}, ${named(others)})`,
  );
const simple = fc
  .constantFrom(
    "ReLU",
    "LeakyReLU",
    "ELU",
    "GELU",
    "Sigmoid",
    "Tanh",
    "InstanceNorm",
    "InstanceNorm(affine: true)",
    "BatchNorm",
    "Softmax(c)",
    "Dropout",
    "Linear(c: 8, bias: true)",
    "Linear(c: 4, bias: false)",
    "LayerNorm(c)",
    "LayerNorm(c, affine: false)",
    "Shift(x, 1/4)",
    "Shift(y, 0)",
    "Shift(z, 1/2, distance: 2)",
  )
  .map(
    (operation): Step =>
      (input) =>
        `${input} -> ${operation}`,
  );
const combined = fc.constantFrom<Step>(
  (input) => `${input} + (${input} -> ReLU)`,
  (input) => `${input} * (${input} -> Sigmoid)`,
  (input) => `concat(${input}, ${input} -> Tanh, along: c) -> Conv(4, 1x1x1)`,
  (input) => `concat(${input}, ${input}, along: y)`,
  (input) => `(${input} -> Conv(4, 1x1x3) -> reversed) + (${input} -> Conv(4, 3x1x1))`,
  (input) => `concat(${input}, ${input} -> reversed, along: c) -> Conv(4, 1x3x5)`,
  (input) => `concat(${input} -> reversed, ${input} -> Tanh, along: c) -> Conv(4, 3x1x1)`,
  (input) => `2 * ${input} + 1`,
  // Of a Sigmoid near 0 alone ONNX Runtime's kernels keep few digits, each others.
  (input) => `1 / (1 + (${input} -> Sigmoid))`,
  (input) =>
    `sum(${input} -> v -> net: Conv(4, 1x3x3) -> Shift(s, 1/4) -> undo v for v in [sagittal, axial])`,
  (input) => `sum(${input})`,
);

const steps = [convolution, transposed, pool, simple, combined];

function named(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}

/** Whatever is drawn becomes a network or not: sizes may not fit, and the like. */
export function checkedOrSkipped(text: string): CheckedNetwork {
  try {
    return check(text);
  } catch (failure) {
    if (failure instanceof SlabFailure) return fc.pre(false) as never;
    throw failure;
  }
}
