import { expect, test } from "vitest";
import { emitModel, parseSchedule, presets, type SlabFailure } from "../../src/compiler/index.js";
import { check, network } from "./elaborate/programs.js";
import { floatTensors, open } from "./weights/files.js";

const body = "output logits = volume -> first: Conv(2, 1) -> head: Conv(1, 1, bias: true)";
const block = 'checkpoint parallel for Net { first = "module.a"  {rest*} = "module.{rest}" }\n';

function tensors(names: readonly string[], weight = 0.5) {
  const [first = "", head = "", bias = ""] = names;
  return open(
    floatTensors({
      [first]: { shape: [2, 1, 1, 1, 1], values: [weight, 1] },
      [head]: { shape: [1, 2, 1, 1, 1], values: [2, 3] },
      [bias]: { shape: [1], values: [4] },
    }),
  );
}

/** The codes of what is wrong with a file's tensors for a network, or how they were named. */
function outcome(
  file: ReturnType<typeof tensors>,
  before = "",
  schedule = presets.portable.schedule,
): string {
  const checked = check(network(body, "", "") + before, { tile: [4, 4, 4] });
  try {
    const { mapping } = emitModel(checked, { kind: "file", file, path: "w" }, "unused", schedule);
    return mapping?.names ?? "";
  } catch (failure) {
    return (failure as SlabFailure).diagnostics.map(({ code }) => code).join();
  }
}

const own = ["first.weight", "head.weight", "head.bias"];
const parallel = own.map((name) => `module.${name}`);
const foreign = ["module.a.weight", "module.head.weight", "module.head.bias"];

test("names with the module. of DataParallel are the network's own, from any format", () => {
  expect(outcome(tensors(own))).toBe("paths");
  expect(outcome(tensors(parallel))).toBe("paths");
});

test("a checkpoint block may have names with it, or without", () => {
  expect(outcome(tensors(foreign), block)).toBe("checkpoint");
  expect(outcome(tensors(foreign), block.replaceAll("module.", ""))).toBe("checkpoint");
  expect(outcome(tensors(own), block)).toBe("paths");
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "a weight of %d is refused",
  (weight) => {
    expect(outcome(tensors(own, weight))).toBe("SLAB4043");
  },
);

test("a weight beyond float16 is refused in that, and in that alone", () => {
  const half = parseSchedule("precision=float16");
  expect(outcome(tensors(own, 65_519), "", half)).toBe("paths");
  expect(outcome(tensors(own, -65_520), "", half)).toBe("SLAB4044");
  expect(outcome(tensors(own, -65_520))).toBe("paths");
});
