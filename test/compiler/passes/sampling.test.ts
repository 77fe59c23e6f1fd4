import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { webgpuLimits } from "../../../src/compiler/device-limits.js";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { gatheredSample } from "../../../src/compiler/ops/gathered-sample.js";
import { gridSample } from "../../../src/compiler/ops/grid-sample.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { presets } from "../../../src/compiler/schedule/schedule.js";
import { check, network } from "../elaborate/programs.js";
import { graphOf, inputOf, nodeOf, runGraph, testInput } from "../ops/harness.js";
import { expectAgreement } from "./agreement.js";

const body = `p = volume -> at: Conv(3, 1) -> rename(c: p, x: u, y: v, z: w)
  output a = GridSample(volume, p, along: p, over: (x, y, z))`;

describe("sampling=gathered", () => {
  test.each([
    ["images", "Conv(2, 1)", "x: u, y: v", "(x, y)"],
    ["volumes", "Conv(3, 1)", "x: u, y: v, z: w", "(x, y, z)"],
  ])("of %s is what webgpu needs to compute all of a network itself", async (_, positions, own, axes) => {
    const sampled = `p = volume -> at: ${positions} -> rename(c: p, ${own})
  output a = GridSample(volume, p, along: p, over: ${axes})`;
    const { graph } = check(network(sampled), { tile: [4, 6, 5] });
    const limits = (schedule: string) =>
      webgpuLimits(scheduleGraph(graph, parseSchedule(schedule)).graph).map(({ kind, nodes }) => [
        kind,
        nodes.length,
      ]);
    expect(limits("webgpu")).toEqual([]);
    expect(limits("webgpu,sampling=native")).toEqual([["elsewhere", 1]]);
    await expectAgreement(graph, [["cpu", presets.cpu.schedule]]);
  });

  test("agrees with GridSample, whatever its axes and arguments, at once and in groups", async () => {
    const drawn = fc.record({
      over: fc.constantFrom(["x", "y"], ["z", "x"], ["x", "y", "z"], ["z", "x", "y"]),
      values: fc.constantFrom("n:2 c:3 x:4 y:5 z:3", "z:3 n:2 x:4 c:3 y:1", "x:2 y:3 z:4 n:1"),
      positions: fc.constantFrom("n q:7", "q:5 n u:2"),
      mode: fc.constantFrom("linear", "nearest"),
      padding: fc.constantFrom("zeros", "border"),
      align_corners: fc.boolean(),
      most: fc.constantFrom(1, 100, 1000, 2 ** 26),
    });
    await fc.assert(
      fc.asyncProperty(drawn, async ({ over, values, positions, most, ...rest }) => {
        const samples = values.includes("n:2") ? 2 : 1;
        const at = `${positions.replace("n", `n:${samples}`)} p:${over.length}`;
        const inputs = [inputOf("values", values), inputOf("at", at)];
        const attributes = { ...rest, over, along: "p" };
        const native = nodeOf("native", gridSample, inputs, attributes);
        const gathered = nodeOf("gathered", gatheredSample, inputs, { ...attributes, most });
        const shapeOf = (text: string) => text.split(" ").map((part) => Number(part.split(":")[1]));
        const given = [values, at].map((text, index) => {
          const shape = shapeOf(text);
          return [inputs[index]?.name, { shape, values: testInput(`${index}`, shape) }];
        });
        const results = await runGraph(
          graphOf(inputs, [native, gathered], { native, gathered }),
          Object.fromEntries(given),
        );
        expect(results.gathered?.shape).toEqual(results.native?.shape);
        results.native?.values.forEach((value, index) => {
          expect(results.gathered?.values[index]).toBeCloseTo(value, 5);
        });
      }),
      { numRuns: 60 },
    );
  });

  test("a position that is no number gives none, and the others what they gave", async () => {
    const inputs = [inputOf("values", "n:1 c:2 x:3 y:3"), inputOf("at", "n:1 q:3 p:2")];
    const attributes = { over: ["x", "y"], along: "p", mode: "linear", padding: "zeros", most: 100 };
    const a = nodeOf("a", gatheredSample, inputs, { ...attributes, align_corners: true });
    const results = await runGraph(graphOf(inputs, [a], { a }), {
      values: { shape: [1, 2, 3, 3], values: Float32Array.from({ length: 18 }, (_, index) => index) },
      at: { shape: [1, 3, 2], values: Float32Array.of(0, 0, Number.NaN, 0, 1e30, 0) },
    });
    expect([...(results.a?.values ?? [])]).toEqual([4, Number.NaN, 0, 13, Number.NaN, 0]);
  });

  test("gathers in groups what is too much at a time", () => {
    const many = body.replace("volume -> at:", "volume -> wide: Conv(6, 1) -> Resize(scale: 16) -> at:");
    const { graph } = check(network(many), { tile: [16, 16, 16] });
    const { nodes } = lowerNodes(scheduleGraph(graph, parseSchedule("sampling=gathered")).graph);
    expect(nodes.filter(({ name }) => name?.includes("GridSample/gathered"))).toHaveLength(2);
  });

  test("is left where float32 does not hold the places of all elements, with the reason", () => {
    const { graph } = check(network(body), { tile: [256, 256, 256] });
    const { graph: same, reports } = scheduleGraph(graph, parseSchedule("sampling=gathered"));
    expect(reports.flatMap(({ remarks }) => remarks)).toEqual([
      {
        kind: "declined",
        node: "a.GridSample",
        text: "float32 does not hold the places of its 17373979 elements",
      },
    ]);
    expect(lowerNodes(same).nodes.map(({ opType }) => opType)).toContain("GridSample");
  });
});
