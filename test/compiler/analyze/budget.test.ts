import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  analyze,
  judgeBudget,
  measure,
  parseBudget,
  quantities,
  quantitiesOf,
} from "../../../src/compiler/index.js";
import { check, network } from "../elaborate/programs.js";
import { refusal } from "../ops/harness.js";

function limits(text: string): readonly (readonly [string, string, bigint])[] {
  return parseBudget(text).map(({ quantity, comparison, limit }) => [quantity, comparison, limit]);
}

describe("a budget", () => {
  test("has limits with decimal and binary units", () => {
    expect(limits("macs<600G, peak<8GB,parameters<=7M")).toEqual([
      ["macs", "<", 600_000_000_000n],
      ["peak", "<", 8_000_000_000n],
      ["parameters", "<=", 7_000_000n],
    ]);
    expect(limits("peak<=8GiB,weights<1.5kB,flops<1.2e12,bytes < 2_000 B,layers≤10")).toEqual([
      ["peak", "<=", 8n * 1024n ** 3n],
      ["weights", "<", 1500n],
      ["flops", "<", 1_200_000_000_000n],
      ["bytes", "<", 2000n],
      ["layers", "<=", 10n],
    ]);
  });

  test("compares counts, which are whole, with any fraction", () => {
    expect(limits("macs<1.5,flops<=1.5,torch<2.0")).toEqual([
      ["macs", "<", 2n],
      ["flops", "<=", 1n],
      ["torch", "<", 2n],
    ]);
  });

  test("is exact beyond what a float holds", () => {
    expect(limits("macs<9007199254740993")).toEqual([["macs", "<", 9_007_199_254_740_993n]]);
    expect(limits("macs<9.007199254740993P")).toEqual([["macs", "<", 9_007_199_254_740_993n]]);
  });

  test.each([
    ["", "SLAB7001: a budget needs a limit"],
    [" , ", "SLAB7001: a budget needs a limit"],
    ["macs", "SLAB7002: this is not a limit"],
    ["macs<600G,", "SLAB7002: this is not a limit"],
    ["macs=600G", "SLAB7002: a budget limits from above, with < or <="],
    ["macs>600G", "SLAB7002: a budget limits from above, with < or <="],
    ["macs<<600G", "SLAB7002: a budget limits from above, with < or <="],
    ["macs<", 'SLAB7002: "" is not a number with a unit'],
    ["macs<-5", 'SLAB7002: "-5" is not a number with a unit'],
    ["macs<6,5G", "SLAB7002: this is not a limit"],
    ["macs<lots", 'SLAB7002: "lots" is not a number with a unit'],
    ["mac<600G", 'SLAB7003: there is no quantity "mac"'],
    ["<600G", 'SLAB7003: there is no quantity ""'],
    ["macs<600GB", 'SLAB7004: "GB" is not a unit of macs'],
    ["peak<8G", 'SLAB7004: "G" is not a unit of peak'],
    ["macs<600 Giga", 'SLAB7004: "Giga" is not a unit of macs'],
  ])("%j is refused: %s", (text, message) => {
    expect(refusal(() => parseBudget(text))).toBe(message);
  });

  test.each([
    ["mac<1", "did you mean macs?"],
    ["params<7M", "did you mean parameters?"],
    ["memory<8GB", "did you mean peak?"],
    ["macs<600GB", "did you mean G?"],
    ["macs<600g", "did you mean G?"],
    ["macs<600GMACs", "did you mean G?"],
    ["peak<8G", "did you mean GB?"],
    ["peak<8gib", "did you mean GiB?"],
    ["peak<8KB", "did you mean kB?"],
  ])("%j gets a suggestion: %s", (text, help) => {
    let found: unknown;
    try {
      parseBudget(text);
    } catch (failure) {
      found = failure;
    }
    expect(found).toMatchObject({ diagnostics: [{ help: [help] }] });
  });

  test("no text crashes the reader", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[a-z]{0,5}[<=>]{0,2}[0-9.eE]{0,6}[ kMGTiB]{0,3}$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          for (const { limit } of parseBudget(text)) expect(limit).toBeGreaterThanOrEqual(0n);
        } catch (failure) {
          expect(failure).toMatchObject({ name: "SlabFailure" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test("a verdict says by how much a limit is exceeded", () => {
  const found = new Map([
    ["macs", 612n],
    ["parameters", 7n],
  ]);
  const verdicts = judgeBudget(
    parseBudget("macs<600,macs<=612,macs<612,parameters<=7"),
    (name) => found.get(name) ?? 0n,
  );
  expect(verdicts.map(({ kept, excess }) => [kept, excess])).toEqual([
    [false, 12n],
    [true, 0n],
    [false, 0n],
    [true, 0n],
  ]);
});

test("each quantity is the one that a whole analysis has", () => {
  const checked = check(
    network("  output y = volume -> c: Conv(4, 3x3x3, bias: true) -> n: BatchNorm -> ReLU"),
    {
      tile: [4, 5, 6],
    },
  );
  const all = quantitiesOf(analyze(checked));
  const names = quantities.map(({ name }) => name);
  expect([...all.keys()].sort()).toEqual(names.toSorted());
  expect(measure(checked, names)).toEqual(new Map(names.map((name) => [name, all.get(name)])));
  expect(measure(checked, ["buffers"])).toEqual(new Map([["buffers", 8n]]));
});

test("what is measured needs sizes, unless it is about weights alone", () => {
  const checked = check(network("  output y = volume -> c: Conv(2, 3x3x3) -> ReLU"));
  const found = measure(checked, ["parameters", "buffers", "applied", "weights", "layers"]);
  expect([...found.values()]).toEqual([54n, 0n, 54n, 216n, 2n]);
  for (const name of ["macs", "peak", "ptflops"] as const) {
    expect(refusal(() => measure(checked, [name]))).toBe("SLAB2222: the size of x, y, z is not known");
  }
  expect(refusal(() => analyze(checked))).toBe("SLAB2222: the size of x, y, z is not known");
});
