import { expect, test } from "vitest";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { decodeSchedule, encodeSchedule } from "../../../src/compiler/schedule/stored.js";
import { refusal } from "../ops/harness.js";

const rest = { network: "Net", tile: [8, 8, 8], device: "cpu", threads: 2, measured: [] };

test("a schedule comes back from its file", () => {
  const schedule = parseSchedule("cpu,shift=slice");
  expect(decodeSchedule(encodeSchedule({ format: 1, schedule, ...rest }), "a.json")).toEqual(schedule);
});

test("choices that a file does not name are the portable ones", () => {
  const text = '{ "format": 1, "schedule": { "norm": "reductions" } }';
  expect(decodeSchedule(text, "a.json")).toEqual(parseSchedule("norm=reductions"));
});

test.each([
  ["", "SLAB7110"],
  ["null", "SLAB7110"],
  ["[]", "SLAB7110"],
  ["{}", "SLAB7110"],
  ['{ "format": 2, "schedule": {} }', "SLAB7110"],
  ['{ "format": 1, "schedule": [] }', "SLAB7110"],
  ['{ "format": 1, "schedule": { "__proto__": {} } }', "SLAB7102"],
  ['{ "format": 1, "schedule": { "norms": "native" } }', "SLAB7102"],
  ['{ "format": 1, "schedule": { "norm": 3 } }', "SLAB7103"],
  ['{ "format": 1, "schedule": { "norm": "toString" } }', "SLAB7103"],
])("%s is refused with %s", (text, code) => {
  expect(refusal(() => decodeSchedule(text, "a.json"))).toContain(code);
});
