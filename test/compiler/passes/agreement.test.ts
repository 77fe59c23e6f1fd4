import fc from "fast-check";
import { expect, test } from "vitest";
import type { Remark } from "../../../src/compiler/passes/pass.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { choiceNames, optionsOf, presets, type Schedule } from "../../../src/compiler/schedule/schedule.js";
import { checkedOrSkipped, programs, programText, reversedView } from "../analyze/random-programs.js";
import { expectAgreement } from "./agreement.js";

/** Any options of all choices that keep float32. */
const schedules = fc.record(
  Object.fromEntries(
    choiceNames.map((name) => [
      name,
      name === "precision" ? fc.constant("float32") : fc.constantFrom(...optionsOf(name)),
    ]),
  ),
) as unknown as fc.Arbitrary<Schedule>;
const named = Object.entries(presets).map(([name, { schedule }]): [string, Schedule] => [name, schedule]);

test("all schedules of random networks agree", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      programs({ steps: 7 }),
      schedules,
      fc.integer({ min: 1, max: 2 }),
      async (body, drawn, n) => {
        const text = programText(body, `n: ${n}, c: 4, x: 8, y: 6, z: 7`);
        const { graph } = checkedOrSkipped(text);
        await expectAgreement(graph, [...named.slice(1), ["drawn", drawn]]);
      },
    ),
    { numRuns: 60 },
  );
});

test("all schedules of random branches with shared weights agree", { timeout: 60_000 }, async () => {
  let stacked = 0;
  const batches = fc.integer({ min: 1, max: 2 });
  // Cubes alone can be stacked; with other sizes some views still have the same.
  const tiles = fc.constantFrom("x: 6, y: 6, z: 6", "x: 6, y: 6, z: 6", "x: 6, y: 6, z: 5");
  await fc.assert(
    fc.asyncProperty(programs({ steps: 5 }), schedules, batches, tiles, async (body, drawn, n, tile) => {
      const text = branchesText(body, `n: ${n}, c: 4, ${tile}`);
      const { graph } = checkedOrSkipped(text);
      const schedule = { ...drawn, views: "stacked" } as const;
      const { reports } = scheduleGraph(graph, schedule);
      if (reports.some(({ pass, remarks }) => pass.name === "stacks" && remarks.some(isDone))) stacked++;
      await expectAgreement(graph, [
        ["gpu", presets.gpu.schedule],
        ["drawn", schedule],
      ]);
    }),
    { numRuns: 50 },
  );
  expect(stacked).toBeGreaterThan(5);
});

function isDone({ kind }: Remark): boolean {
  return kind === "done";
}

/** The same steps with the same weights on three views of a volume, and what they come to, also before the last step. */
function branchesText(body: readonly string[], axes: string): string {
  const inner = body.map((line) => line.replaceAll("[sagittal, axial]", "[side, front]"));
  return `view side { s: x, h: y, w: z }
view front { s: y, h: x, w: z }
view as_is { x: x, y: y, z: z }
${reversedView}
view turned { x: y, y: z, z: x }
view swapped { x: z, y: y, z: x }
layer Steps() {
  t0 = input
${inner.join("\n")}
  output t${body.length}
}
layer Last() {
  output input -> Conv(4, 1x1x1) -> Sigmoid
}
network Net {
  input volume: float[${axes}]
  seen = [volume -> v -> steps: Steps for v in [as_is, turned, swapped]]
  ends = [seen[i] * (seen[i] -> last: Last) for i in 0..2]
  output result[i] = ends[i] for i in 0..2
  output before = seen[1] + 1
}
`;
}
