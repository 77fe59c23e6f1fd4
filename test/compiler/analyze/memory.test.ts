import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memory } from "../../../src/compiler/analyze/memory.js";
import { checkNetwork } from "../../../src/compiler/compile.js";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import type { Graph, Value } from "../../../src/compiler/graph/graph.js";
import { constantSize } from "../../../src/compiler/graph/size.js";
import { concreteShape } from "../../../src/compiler/graph/tensor.js";
import { combineViews } from "../../../src/compiler/passes/combine-views.js";
import { runtimeOrder } from "../../../src/compiler/passes/order/runtime-order.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { presetNames, presets } from "../../../src/compiler/schedule/schedule.js";
import { memoryOf } from "../../../src/compiler/schedule-memory.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { repositoryHost } from "../../support/host.js";
import { graphOf, inputOf, nodeOf, operationOf } from "../ops/harness.js";
import { blocks, ending, networkOf } from "./networks.js";

function bytesOf(value: Value): bigint {
  const shape = known(concreteShape(value.type), "shape");
  return BigInt(4 * shape.reduce((product, size) => product * size, 1));
}

/**
 * What is held at every step, found anew for each of them: the tensors of which somebody still needs a value. Which values
 * share a tensor is read off the lowered ONNX nodes.
 */
function simulate(graph: Graph): { step: string; bytes: bigint }[] {
  const lowered = lowerNodes(graph);
  const reshapes = ["Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity"];
  const producer = new Map(lowered.nodes.flatMap((node) => (node.output ?? []).map((name) => [name, node])));
  const outputNames = new Set(graph.outputs.map(({ value }) => known(lowered.names.get(value), "a name")));
  const tensorOf = (name: string): string => {
    const node = producer.get(name);
    if (!node || !reshapes.includes(node.opType ?? "") || outputNames.has(name)) return name;
    return tensorOf(known(node.input?.[0], "an operand"));
  };
  const tensor = (value: Value) => tensorOf(known(lowered.names.get(value), value.name));
  const isInput = (name: string) => graph.inputs.some((input) => input.name === name);
  const copied = graph.outputs.map(({ value }, index) => {
    const earlier = graph.outputs.slice(0, index).some((other) => tensor(other.value) === tensor(value));
    return earlier || isInput(tensor(value));
  });
  const size = new Map([...graph.inputs, ...graph.nodes].map((value) => [tensor(value), bytesOf(value)]));
  const steps = [...graph.nodes.keys(), ...graph.outputs.keys()].map((index, step) => {
    const node = step < graph.nodes.length ? graph.nodes[index] : undefined;
    const done = graph.nodes.slice(0, Math.min(step + 1, graph.nodes.length));
    const ahead = graph.nodes.slice(step);
    const held = new Set(graph.inputs.map(tensor));
    if (node) held.add(tensor(node));
    for (const value of done) {
      if (ahead.some(({ inputs }) => inputs.some((input) => tensor(input) === tensor(value))))
        held.add(tensor(value));
      if (graph.outputs.some((output) => tensor(output.value) === tensor(value))) held.add(tensor(value));
    }
    let bytes = [...held].reduce((sum, name) => sum + known(size.get(name), name), 0n);
    for (const output of graph.outputs.keys()) {
      if (copied[output] && graph.nodes.length + output <= step)
        bytes += bytesOf(known(graph.outputs[output], "").value);
    }
    return { step: node?.name ?? known(graph.outputs[index], "an output").name, bytes };
  });
  return steps;
}

/** Random networks, some of whose values besides the last are outputs too. */
const networks = fc
  .tuple(blocks(["x", "y"], 2), ending(["x", "y"]), fc.array(fc.nat()), fc.integer({ min: 1, max: 3 }))
  .map(([own, end, more, scale]) => {
    const graph = networkOf([...own, ...end], `n:1 c:1 x:${216 * scale} y:216`);
    const values = [...graph.inputs, ...graph.nodes];
    const outputs = more.map((index, place) => ({
      name: `more${place}`,
      value: values[index % values.length] as Value,
    }));
    return { ...graph, outputs: [...graph.outputs, ...outputs] };
  });

describe("memory", () => {
  test("the peak is that of a simulation that starts anew at every step", () => {
    fc.assert(
      fc.property(networks, (graph) => {
        const steps = simulate(combineViews(graph));
        const most = steps.reduce((found, step) => (step.bytes > found.bytes ? step : found));
        const { peakBytes, peakAt, live } = memory(graph);
        expect({ step: peakAt, bytes: peakBytes }).toEqual(most);
        expect(live.reduce((sum, { bytes }) => sum + bytes, 0n)).toBe(peakBytes);
      }),
      { numRuns: 300 },
    );
  });

  test.each(presetNames)(
    "as a schedule computes it, the peak is the simulation's of its graph: %s",
    (preset) => {
      fc.assert(
        fc.property(networks, (graph) => {
          const { graph: scheduled } = scheduleGraph(graph, presets[preset].schedule);
          const nodes = preset === "memory" ? runtimeOrder(scheduled) : scheduled.nodes;
          const steps = simulate({ ...scheduled, nodes });
          const most = steps.reduce((found, step) => (step.bytes > found.bytes ? step : found));
          const { schedule, peakBytes, peakAt, live } = memoryOf({ graph }, preset);
          expect(schedule).toBe(preset);
          expect({ step: peakAt, bytes: peakBytes }).toEqual(most);
          expect(live.reduce((sum, { bytes }) => sum + bytes, 0n)).toBe(peakBytes);
        }),
        { numRuns: 100 },
      );
    },
  );

  test("views that a schedule has combined are not combined anew: two splits of one view are made from it", () => {
    const input = inputOf("volume", "n:1 c:1 x:36");
    const conv = nodeOf("conv", operationOf("Conv"), [input], { out: 2, kernel: 1 });
    const part = (axis: string, inner: string, size: number) => ({
      axes: [{ axis, value: [{ name: axis }, { name: inner, size: constantSize(size) }] }],
    });
    const parted = nodeOf("parted", operationOf("split"), [conv], part("c", "i", 2));
    const longer = { axes: [{ axis: "x", value: [{ name: "x" }, { name: "i" }] }] };
    const merged = nodeOf("merged", operationOf("merge"), [parted], longer);
    const thirds = nodeOf("thirds", operationOf("split"), [merged], part("x", "t", 3));
    const halves = nodeOf("halves", operationOf("split"), [merged], part("x", "h", 2));
    const result = nodeOf("result", operationOf("ReLU"), [thirds]);
    const graph = graphOf([input], [conv, parted, merged, halves, thirds, result], { result, halves });
    const { peakBytes, peakAt, live } = memoryOf({ graph }, "memory");
    expect({ peakBytes, peakAt }).toEqual({ peakBytes: 4n * 36n * (1n + 2n + 2n + 2n), peakAt: "halves" });
    expect(live.map(({ name }) => name)).toEqual(["merged", "result", "halves", "volume"]);
  });

  test("an operation holds its input and its output, and what others still need", () => {
    const input = inputOf("volume", "n:1 c:1 x:100");
    const wide = nodeOf("wide", operationOf("Conv"), [input], { out: 8, kernel: 3 });
    const wider = nodeOf("wider", operationOf("Conv"), [wide], { out: 16, kernel: 3 });
    const narrow = nodeOf("narrow", operationOf("Conv"), [wider], { out: 8, kernel: 3 });
    const total = nodeOf("total", operationOf("add"), [narrow, wide]);
    const { peakBytes, peakAt, live, activationBytes, weightBytes } = memory(
      graphOf([input], [wide, wider, narrow, total], { total }),
    );
    expect(peakBytes).toBe(400n * (1n + 8n + 16n + 8n));
    expect(peakAt).toBe("narrow");
    expect(live.map(({ name }) => name)).toEqual(["wider", "wide", "narrow", "volume"]);
    expect(activationBytes).toBe(400n * (1n + 8n + 16n + 8n + 8n));
    expect(weightBytes).toBe(4n * 3n * (8n + 8n * 16n + 16n * 8n));
  });

  test("renaming axes and Dropout take no memory, reordering axes does", () => {
    const input = inputOf("volume", "n:1 c:1 x:10 y:20");
    const relu = nodeOf("relu", operationOf("ReLU"), [input]);
    const seen = (axes: readonly string[]) =>
      nodeOf("seen", operationOf("rearrange"), [relu], { axes, names: ["n", "c", "s", "h"] });
    const peak = (axes: readonly string[]) => {
      const renamed = seen(axes);
      const dropped = nodeOf("dropped", operationOf("Dropout"), [renamed]);
      const last = nodeOf("last", operationOf("ReLU"), [dropped]);
      return memory(graphOf([input], [relu, renamed, dropped, last], { last }));
    };
    expect(peak(["n", "c", "x", "y"]).activationBytes).toBe(800n * 3n);
    expect(peak(["n", "c", "y", "x"]).activationBytes).toBe(800n * 4n);
  });

  test("a reshape is copied where it is made if what only renames it is an output", () => {
    const input = inputOf("volume", "n:1 c:1 x:10 y:20");
    const relu = nodeOf("relu", operationOf("ReLU"), [input]);
    const parts = [{ name: "x" }, { name: "y" }];
    const merged = nodeOf("merged", operationOf("merge"), [relu], { axes: [{ axis: "x", value: parts }] });
    const rolled = nodeOf("rolled", operationOf("Roll"), [merged], { axes: [{ axis: "x", value: 0 }] });
    const last = nodeOf("last", operationOf("MaxPool"), [rolled], { kernel: 200, stride: 200, padding: 0 });
    const graph = graphOf([input], [relu, merged, rolled, last], { last, rolled });
    const { peakBytes, peakAt, activationBytes } = memory(graph);
    expect({ peakBytes, peakAt, activationBytes }).toEqual({
      peakBytes: 800n * 3n,
      peakAt: "merged",
      activationBytes: 800n * 3n + 4n,
    });
    const only = memory(graphOf([input], [relu, merged, rolled, last], { last }));
    expect(only.activationBytes).toBe(800n * 2n + 4n);
  });

  test("an output that is an input is a copy", () => {
    const input = inputOf("volume", "n:1 c:1 x:10");
    expect(memory(graphOf([input], [], { same: input }))).toMatchObject({ peakBytes: 80n, peakAt: "same" });
  });

  test("sizes of any length are exact", () => {
    const graph = networkOf([], `n:1 c:1 x:${2 ** 40} y:${2 ** 40}`);
    expect(memory(graph).peakBytes).toBe(2n ** 80n * 4n * (1n + 4n));
  });

  test("SSH-UNet's peak is where its last view's decoder concatenates", () => {
    const { graph } = checkNetwork("examples/ssh-unet/ssh-unet.slab", repositoryHost, { tile: [96, 96, 96] });
    const { peakBytes, peakAt, live, weightBytes } = memory(graph);
    const finest = 4n * 32n * 96n ** 3n;
    expect(peakAt).toBe("unet.dec.0.concat@axial");
    // Two views are done; of the third there are both operands of the concatenation, and what it makes.
    expect(live.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["unet.dec.0.concat@axial", 2n * finest],
      ["unet.dec.0.output.LeakyReLU@sagittal", finest],
      [expect.stringContaining("@coronal"), finest],
      ["unet.enc.0.output.LeakyReLU@axial", finest],
      ["unet.dec.0.up@axial", finest],
      ["volume", 4n * 96n ** 3n],
    ]);
    expect(peakBytes).toBe(6n * finest + 4n * 96n ** 3n);
    expect(weightBytes).toBe(4n * 6_480_208n);
  });
});
