import { describe, expect, test } from "vitest";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import {
  choiceNames,
  optionsOf,
  presetNames,
  presets,
  showSchedule,
} from "../../../src/compiler/schedule/schedule.js";
import { refusal } from "../ops/harness.js";

describe("a schedule as text", () => {
  test.each(presetNames)("%s is a name", (name) => {
    expect(parseSchedule(name)).toEqual(presets[name].schedule);
    expect(showSchedule(parseSchedule(name))).toBe(name);
  });

  test("every choice can be made, and comes back as it was written", () => {
    for (const choice of choiceNames) {
      for (const option of optionsOf(choice)) {
        const schedule = parseSchedule(`${choice}=${option}`);
        expect(schedule).toEqual({ ...presets.portable.schedule, [choice]: option });
        expect(parseSchedule(showSchedule(schedule))).toEqual(schedule);
      }
    }
  });

  test("is shown in the fewest words", () => {
    expect(showSchedule(parseSchedule("norm=reductions"))).toBe("norm=reductions");
    expect(showSchedule(parseSchedule("cpu,norm=native"))).toBe("cpu,norm=native");
    expect(showSchedule(parseSchedule("webgpu,norm=reductions"))).toBe("webgpu");
  });

  test("choices change a name's schedule; spaces do not matter", () => {
    expect(parseSchedule(" portable , norm = reductions,shift=slice ")).toEqual({
      ...presets.portable.schedule,
      norm: "reductions",
      shift: "slice",
    });
  });

  test.each([
    ["", "SLAB7101"],
    [",", "SLAB7101"],
    ["portable,", "SLAB7101"],
    ["portable,norm", "SLAB7101"],
    ["portble", "SLAB7100"],
    ["__proto__", "SLAB7100"],
    ["nrm=native", "SLAB7102"],
    ["constructor=native", "SLAB7102"],
    ["norm=", "SLAB7103"],
    ["norm=natve", "SLAB7103"],
    ["norm=native=native", "SLAB7103"],
    ["norm=native,norm=native", "SLAB7104"],
    ["norm=native,portable", "SLAB7105"],
  ])("%j is refused with %s", (text, code) => {
    expect(refusal(() => parseSchedule(text))).toContain(code);
  });
});
