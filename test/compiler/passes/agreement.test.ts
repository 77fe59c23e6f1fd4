import fc from "fast-check";
import { test } from "vitest";
import { SlabFailure } from "../../../src/compiler/index.js";
import { choiceNames, optionsOf, presets, type Schedule } from "../../../src/compiler/schedule/schedule.js";
import { programs, programText } from "../analyze/random-programs.js";
import { check } from "../elaborate/programs.js";
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
        let checked: ReturnType<typeof check>;
        try {
          checked = check(text);
        } catch (failure) {
          // Sizes that do not fit, and the like: not every drawn text is a network.
          if (failure instanceof SlabFailure) return fc.pre(false);
          throw failure;
        }
        await expectAgreement(checked.graph, [...named.slice(1), ["drawn", drawn]]);
      },
    ),
    { numRuns: 60 },
  );
});
