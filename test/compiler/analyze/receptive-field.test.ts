import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AxisReceptiveField } from "../../../src/compiler/analyze/analysis.js";
import { receptiveField } from "../../../src/compiler/analyze/receptive-field.js";
import { checkNetwork } from "../../../src/compiler/compile.js";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import type { Graph, GraphInput, Node, Value } from "../../../src/compiler/graph/graph.js";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { constantSize } from "../../../src/compiler/graph/size.js";
import { concreteShape } from "../../../src/compiler/graph/tensor.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { repositoryHost } from "../../support/host.js";
import { emitOptions, graphOf, inputOf, nodeOf, operationOf, runModel } from "../ops/harness.js";
import { type Block, blocks, ending, networkOf } from "./networks.js";

/** What each output position of a network really sees along one axis of its volume, first and last, where anything. */
type Windows = readonly (readonly [first: number, last: number] | undefined)[];

/**
 * Runs a network without biases, of positive weights, once for each voxel, with that voxel 1 and all others 0: outputs
 * that are not 0 depend on it. The voxels are the batch. Only the middle of the other axes is varied.
 */
async function observe(
  graph: (type: string) => Graph,
  sizes: readonly number[],
  axis: number,
): Promise<Windows> {
  const names = ["x", "y", "z"].slice(0, sizes.length);
  const voxels = sizes.reduce((product, size) => product * size, 1);
  const type = `n:${voxels} c:1 ${names.map((name, index) => `${name}:${sizes[index]}`).join(" ")}`;
  const network = graph(type);
  const values = new Float32Array(voxels * voxels);
  for (let voxel = 0; voxel < voxels; voxel++) values[voxel * voxels + voxel] = 1;
  const { model } = emitOnnx(network, positiveWeights, emitOptions);
  const { result } = await runModel(model, { volume: { shape: [voxels, 1, ...sizes], values } });
  const { shape, values: outputs } = known(result, "result");
  const [, channels = 1, ...out] = shape;
  const places = out.reduce((product, size) => product * size, 1);
  const windows: ([number, number] | undefined)[] = Array(out[axis]).fill(undefined);
  for (let voxel = 0; voxel < voxels; voxel++) {
    const at = coordinate(voxel, sizes, axis);
    for (let place = 0; place < places; place++) {
      let sees = false;
      for (let channel = 0; channel < channels; channel++) {
        sees ||= outputs[(voxel * channels + channel) * places + place] !== 0;
      }
      if (!sees) continue;
      const position = coordinate(place, out, axis);
      const [first, last] = windows[position] ?? [at, at];
      windows[position] = [Math.min(first, at), Math.max(last, at)];
    }
  }
  return windows;
}

function coordinate(index: number, sizes: readonly number[], axis: number): number {
  const inner = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
  return Math.floor(index / inner) % (sizes[axis] as number);
}

function fieldOf(graph: Graph): readonly AxisReceptiveField[] {
  const [field] = receptiveField(graph);
  expect(field?.exact).toBe(true);
  return known(field, "a receptive field").axes;
}

/** A window far from the borders, with the output position that it belongs to. */
interface Window {
  readonly first: number;
  readonly last: number;
  readonly position: number;
}

/** The windows of outputs that no border touches: neither they nor what they see are nearer to the ends than a margin. */
function interior(windows: Windows, size: number, margin: number): readonly Window[] {
  const isInside = (place: number) => place >= margin && place < size - margin;
  return windows.flatMap((window, position) => {
    if (!window || ![...window, (position * size) / windows.length].every(isInside)) return [];
    return [{ first: window[0], last: window[1], position }];
  });
}

/** Compares a network's fields with what its outputs see. False where that would take too large an input. */
async function compare(network: readonly Block[], names: readonly string[], most: number): Promise<boolean> {
  const build = (type: string) => networkOf(network, type);
  const fields = fieldOf(build(`n:1 c:1 ${names.join(" ")}`));
  // What wraps around lands somewhere near the other end.
  const extra = JSON.stringify(network).includes("rolled") ? 12 : 0;
  const margins = fields.map(({ voxels }) => (voxels as number) + extra);
  const sizes = fields.map(({ period }, axis) => {
    return period * Math.ceil((3 * known(margins[axis], "a margin") + 2 * period + 8) / period);
  });
  if (sizes.reduce((product, size) => product * size, 1) > most) return false;
  for (const [axis, field] of fields.entries()) {
    const size = sizes[axis] as number;
    const windows = interior(await observe(build, sizes, axis), size, known(margins[axis], "a margin"));
    if (windows.length === 0) {
      // A transposed convolution may leave out just what a strided one after it takes.
      expect(field.voxels).toBe(0);
      continue;
    }
    const scale = field.period / stepOf(build, sizes, axis, field.period);
    const shown = {
      voxels: Math.max(...windows.map(({ first, last }) => last - first + 1)),
      before: Math.max(...windows.map(({ first, position }) => Math.floor(position * scale) - first)),
      after: Math.max(...windows.map(({ last, position }) => last - Math.floor(position * scale))),
    };
    const { voxels, before, after } = field;
    expect({ voxels, before, after }).toEqual(shown);
  }
  return true;
}

/** How many output positions a period of voxels makes, along the first axis of the volume or another. */
function stepOf(
  build: (type: string) => Graph,
  sizes: readonly number[],
  axis: number,
  period: number,
): number {
  const lengthOf = (all: readonly number[]) => {
    const graph = build(`n:1 c:1 ${all.map((size, index) => `${["x", "y"][index]}:${size}`).join(" ")}`);
    return known(concreteShape(known(graph.outputs[0], "output").value.type)?.[axis + 2], "a length");
  };
  return lengthOf(sizes.with(axis, known(sizes[axis], "a size") + period)) - lengthOf(sizes);
}

const positiveWeights = ({ shape }: { readonly shape: readonly number[] }) =>
  new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.5);

/** Runs a network of one axis, x, over these values; gives its channels' sums by position. */
async function run(graph: Graph, values: Float32Array): Promise<readonly number[]> {
  const { model } = emitOnnx(graph, positiveWeights, emitOptions);
  const feeds = { volume: { shape: [1, 1, values.length], values } };
  const { shape, values: outputs } = known((await runModel(model, feeds)).result, "result");
  const length = known(shape[2], "x");
  return Array.from({ length }, (_, position) =>
    outputs.reduce((sum, value, index) => (index % length === position ? sum + value : sum), 0),
  );
}

/**
 * The smallest overlap with which tiles of this length give, each where it does, what one run over everything gives: by
 * running a tile, and a volume in which it lies amid voxels that are a million times as bright.
 */
async function smallestOverlap(
  network: readonly Block[],
  tile: number,
  { period, voxels }: AxisReceptiveField,
) {
  // Biases make a border of zeros another thing than what lies between the kernels of a transposed convolution.
  const build = (size: number) => networkOf(network, `n:1 c:1 x:${size}`, true);
  const margin = period * (Math.ceil((voxels as number) / period) + 3);
  const inside = Float32Array.from({ length: tile }, (_, index) => 1 + ((index * 7) % 11) / 11);
  const volume = new Float32Array(tile + 2 * margin).fill(1e6);
  volume.set(inside, margin);
  const ofTile = await run(build(tile), inside);
  const ofVolume = await run(build(volume.length), volume);
  const step = stepOf((type) => networkOf(network, type), [tile], 0, period);
  const offset = (margin / period) * step;
  const right = Array<number>(step).fill(0);
  ofTile.forEach((value, position) => {
    const expected = known(ofVolume[offset + position], "an output");
    if (Math.abs(value - expected) > 1e-5 * expected) return;
    right[position % step] = known(right[position % step], "a count") + 1;
  });
  const fewest = Math.min(...right);
  return fewest > 0 ? tile - fewest * period : undefined;
}

describe("the receptive field is what perturbing single voxels shows", () => {
  test.each([
    { names: ["x"], runs: 200, most: 300 },
    { names: ["x", "y"], runs: 50, most: 700 },
  ])("along $names", { timeout: 120_000 }, async ({ names, runs, most }) => {
    let compared = 0;
    const networks = fc.tuple(blocks(names, 2), ending(names));
    await fc.assert(
      fc.asyncProperty(networks, async ([own, end]) => {
        compared += Number(await compare([...own, ...end], names, most));
      }),
      { numRuns: runs },
    );
    expect(compared).toBeGreaterThan(runs / 10);
  });
});

describe("the overlap that hides tile borders", () => {
  test("is the smallest with which tiles give what one run over everything gives", async () => {
    let needed = 0;
    const networks = fc.tuple(
      blocks(["x"], 2),
      ending(["x"], ["Conv", "ConvTranspose", "AvgPool"]),
      fc.integer({ min: 0, max: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(networks, async ([own, end, longer]) => {
        const network = [...own, ...end];
        const [field] = fieldOf(networkOf(network, "n:1 c:1 x")) as [AxisReceptiveField];
        const { period, voxels, overlap } = field;
        const tile = period * (Math.ceil(Math.max(8, voxels as number) / period) + longer);
        const [bound] = fieldOf(networkOf(network, `n:1 c:1 x:${tile}`)) as [AxisReceptiveField];
        const { tileOverlap, ...others } = bound;
        expect(others).toEqual(field);
        const smallest = await smallestOverlap(network, tile, field);
        // What wraps around counts as a border, also where another roll brings it back.
        if (JSON.stringify(network).includes("rolled"))
          expect(tileOverlap ?? tile).toBeGreaterThanOrEqual(smallest ?? tile);
        else expect(tileOverlap).toBe(smallest);
        expect(tileOverlap ?? tile).toBeGreaterThanOrEqual(overlap as number);
        if (tileOverlap) needed++;
      }),
      { numRuns: 200 },
    );
    expect(needed).toBeGreaterThan(50);
  });
});

describe("receptive fields of networks that do more than convolve", () => {
  const volume = inputOf("volume", "n:1 c:4 x:48");
  const apply = (name: string, inputs: readonly Value[], attributes: Attributes = {}, label = name) =>
    nodeOf(label, operationOf(name), inputs, attributes);
  const convolved = (value: Value, kernel: number, label = `conv${kernel}`) =>
    apply("Conv", [value], { out: 4, kernel }, label);
  const seen = (nodes: readonly Node[], inputs: readonly GraphInput[] = [volume]) => {
    const [field] = receptiveField(graphOf(inputs, nodes, { result: known(nodes.at(-1), "a node") }));
    return known(field, "a receptive field");
  };
  const part = (name: string, size?: number) =>
    size === undefined ? { name } : { name, size: constantSize(size) };

  test("statistics of a norm see everything, its values do not", () => {
    const conv = convolved(volume, 3);
    const norm = apply("InstanceNorm", [conv]);
    const { axes, whole } = seen([conv, norm, convolved(norm, 5)]);
    expect(axes).toMatchObject([{ axis: "x", voxels: 7, withStatistics: "whole", overlap: 6 }]);
    expect(whole).toEqual([{ operation: "InstanceNorm", layers: 1, of: "statistics" }]);
  });

  test("a norm inside windows sees its window", () => {
    const cut = apply("split", [volume], { axes: [{ axis: "x", value: [part("g"), part("i", 6)] }] });
    const alone = apply("merge", [cut], { axes: [{ axis: "n", value: [part("n"), part("g")] }] });
    const norm = apply("InstanceNorm", [alone]);
    const apart = apply(
      "split",
      [norm],
      { axes: [{ axis: "n", value: [part("n"), part("g", 8)] }] },
      "apart",
    );
    const back = apply("merge", [apart], { axes: [{ axis: "x", value: [part("g"), part("i")] }] }, "back");
    const { axes, whole } = seen([cut, alone, norm, apart, back]);
    expect(axes).toMatchObject([{ axis: "x", voxels: 1, before: 0, after: 0, withStatistics: 6 }]);
    expect(whole).toEqual([]);
  });

  test("a gate that averages a volume sees all of it", () => {
    const mean = apply("Mean", [volume], { axes: ["x"] });
    const gate = apply("Sigmoid", [mean]);
    const { axes, whole } = seen([mean, gate, apply("multiply", [volume, gate])]);
    expect(axes).toMatchObject([{ axis: "x", voxels: "whole", overlap: "whole" }]);
    expect(axes[0]).not.toHaveProperty("tileOverlap");
    expect(whole).toEqual([{ operation: "Mean", layers: 1, of: "values" }]);
  });

  test("attention over tokens of several axes sees all of them", () => {
    const plane = inputOf("plane", "n:1 c:4 x:6 y:8");
    const tokens = apply("merge", [plane], { axes: [{ axis: "t", value: [part("x"), part("y")] }] });
    const others = apply("rename", [tokens], { axes: [{ axis: "t", value: "u" }] });
    const scores = apply("Contract", [tokens, others], { over: ["c"] });
    const weights = apply("Softmax", [scores], { axis: ["u"] });
    const values = apply("Contract", [weights, others], { over: ["u"] }, "values");
    const back = apply("split", [values], { axes: [{ axis: "t", value: [part("x", 6), part("y", 8)] }] });
    const { axes, whole } = seen([tokens, others, scores, weights, values, back], [plane]);
    expect(axes).toMatchObject([
      { axis: "x", voxels: "whole" },
      { axis: "y", voxels: "whole" },
    ]);
    expect(whole).toEqual([
      { operation: "Softmax", layers: 1, of: "values" },
      { operation: "Contract", layers: 1, of: "values" },
    ]);
  });

  test("turning an axis around and back again changes nothing, adding the two sees both ends", () => {
    const turned = apply("flip", [volume], { axes: ["x"] });
    const conv = convolved(turned, 3);
    const back = apply("flip", [conv], { axes: ["x"] }, "back");
    expect(seen([turned, conv, back]).axes).toMatchObject([
      { voxels: 3, before: 1, after: 1, tileOverlap: 2 },
    ]);
    expect(seen([turned, conv, apply("add", [conv, volume])]).axes).toMatchObject([{ voxels: "whole" }]);
    const open = inputOf("open", "n:1 c:4 x");
    expect(seen([apply("flip", [open], { axes: ["x"] })], [open]).axes).toMatchObject([{ voxels: "whole" }]);
  });

  test("of tensors that are put one after another along an axis, an output sees the one it is in", () => {
    const [narrow, wide] = [convolved(volume, 3), convolved(volume, 9)];
    const both = apply("concat", [narrow, wide], { along: "x" });
    expect(seen([narrow, wide, both]).axes).toMatchObject([{ voxels: 9, overlap: "whole" }]);
  });

  test("a decoder whose corners are aligned drifts against its skip connection, by what single voxels show", async () => {
    const build = (type: string) => {
      const input = inputOf("volume", type);
      const nodes = [apply("Conv", [input], { out: 4, kernel: 1 }, "first")];
      const first = known(nodes[0], "first");
      const down = apply("Conv", [first], { out: 4, kernel: 3, stride: 2 }, "down");
      const up = apply("Resize", [down], { scale: 2, mode: "linear", align_corners: true });
      const sum = apply("add", [first, up]);
      return graphOf([input], [first, down, up, sum], { result: sum });
    };
    const windows = await observe(build, [40], 0);
    const widest = Math.max(...windows.map((window) => (window ? window[1] - window[0] + 1 : 0)));
    const [field] = fieldOf(build("n:1 c:1 x:40"));
    expect(field).toMatchObject({ voxels: widest, overlap: "whole" });
    expect(fieldOf(build("n:1 c:1 x"))).toMatchObject([{ voxels: "whole" }]);
  });

  test("an input that an output does not use is not among its fields", () => {
    const other = inputOf("other", "n:1 c:4 x:48");
    const conv = convolved(volume, 3);
    const graph = graphOf([volume, other], [conv], { result: conv, same: other });
    expect(receptiveField(graph).map(({ output, input }) => [output, input])).toEqual([
      ["result", "volume"],
      ["same", "other"],
    ]);
  });

  test("strides upon strides take neither forever nor too much", () => {
    const open = inputOf("open", "n:1 c:1 x");
    const stride = 2 ** 10;
    const down = apply("Conv", [open], { out: 1, kernel: 3, stride }, "down");
    const further = apply("Conv", [down], { out: 1, kernel: 3, stride }, "further");
    expect(seen([down, further], [open]).axes).toMatchObject([
      { voxels: 2 * stride + 3, period: stride ** 2 },
    ]);
    const up = apply("ConvTranspose", [open], { out: 1, kernel: 2 * stride, stride });
    const last = apply("ConvTranspose", [up], { out: 1, kernel: 2 * stride, stride }, "last");
    expect(seen([up, last], [open])).toMatchObject({ exact: false, axes: [{ voxels: 3 }] });
  });

  test.each([
    {
      file: "ssh-unet",
      tile: 256,
      voxels: 189,
      before: 105,
      after: 90,
      period: 16,
      overlap: 175,
      tileOverlap: 176,
    },
    {
      file: "meshnet",
      tile: 256,
      voxels: 93,
      before: 46,
      after: 46,
      period: 1,
      overlap: 92,
      tileOverlap: 92,
    },
  ])("$file sees $voxels voxels", ({ file, tile, ...expected }) => {
    const path = `examples/${file}/${file}.slab`;
    const { graph } = checkNetwork(path, repositoryHost, { tile: [tile, tile, tile] });
    const [field, ...others] = receptiveField(graph);
    expect(others).toEqual([]);
    const norms = graph.nodes.filter(({ operation }) => operation.name === "InstanceNorm").length;
    const withStatistics = norms > 0 ? "whole" : expected.voxels;
    expect(field?.axes).toEqual(["x", "y", "z"].map((axis) => ({ axis, ...expected, withStatistics })));
    expect(field?.whole).toEqual(
      norms > 0 ? [{ operation: "InstanceNorm", layers: norms, of: "statistics" }] : [],
    );
    const small = checkNetwork(path, repositoryHost, { tile: [64, 64, 64] }).graph;
    for (const axis of receptiveField(small)[0]?.axes ?? []) expect(axis).not.toHaveProperty("tileOverlap");
  });
});
