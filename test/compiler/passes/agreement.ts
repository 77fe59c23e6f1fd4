import { expect } from "vitest";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { concreteShape } from "../../../src/compiler/graph/tensor.js";
import { verifyGraph } from "../../../src/compiler/graph/verify.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { presets, type Schedule } from "../../../src/compiler/schedule/schedule.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { emitOptions, runModel, seededWeights, testInput } from "../ops/harness.js";

/** The graph of a schedule; that of every pass on the way is verified, and its inputs and outputs are the same. */
export function scheduled(graph: Graph, schedule: Schedule): Graph {
  const { graph: result, reports } = scheduleGraph(graph, schedule);
  for (const report of reports) verifyGraph(report.graph);
  const ports = (of: Graph) =>
    [
      ...of.inputs.map(({ name, type }) => [name, type]),
      ...of.outputs.map(({ name, value: { type } }) => [name, type]),
    ].map(([name, type]) => [name, (type as Graph["inputs"][0]["type"]).axes.map((axis) => axis.name)]);
  expect(ports(result)).toEqual(ports(graph));
  return result;
}

type Results = Awaited<ReturnType<typeof runModel>>;

/** What a graph with seeded weights gives in onnxruntime. All sizes must be bound. */
export function computed(graph: Graph): Promise<Results> {
  const inputs = graph.inputs.map(({ name, type }) => {
    const shape = known(concreteShape(type, graph.bindings), "sizes");
    return [name, { shape, values: testInput(name, shape) }];
  });
  return runModel(emitOnnx(graph, seededWeights, emitOptions).model, Object.fromEntries(inputs));
}

/** Outputs agree, but for what rounding makes of values of their size. */
export function expectSame(found: Results, expected: Results, what: string): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, { shape, values }] of Object.entries(expected)) {
    const output = known(found[name], name);
    expect(output.shape, what).toEqual(shape);
    // A norm makes of a constant channel its rounding, some 6e-8 of it, divided by the root of epsilon, 1e-5.
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    let worst = 0;
    values.forEach((value, index) => {
      const other = output.values[index] as number;
      if (Number.isNaN(value) && Number.isNaN(other)) return;
      if (value === other) return;
      worst = Math.max(worst, Math.abs(value - other) / scale || Number.POSITIVE_INFINITY);
    });
    expect(worst, `${what}: ${name}, relative to the largest value ${scale}`).toBeLessThan(1e-4);
  }
}

/** Every schedule gives what the portable one does. */
export async function expectAgreement(graph: Graph, schedules: readonly [string, Schedule][]): Promise<void> {
  const expected = await computed(scheduled(graph, presets.portable.schedule));
  for (const [name, schedule] of schedules) {
    expectSame(await computed(scheduled(graph, schedule)), expected, name);
  }
}
