import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planSweep, variantsOf } from "../../src/cli/sweep-settings.js";
import { SlabFailure } from "../../src/compiler/index.js";

const settings = [
  { name: "fold", type: "ratio" },
  { name: "classes", type: "int" },
  { name: "width", type: "[int]" },
  { name: "kind", type: "string" },
  { name: "norm", type: "layer" },
];

function variants(...texts: string[]): string[] {
  const plan = planSweep(texts, { name: "Net", settings });
  return [...variantsOf(plan, () => ({ width: "[8, 16, 32]" }))].map((variant) => variant.settings.join(" "));
}

function codes(...texts: string[]): string[] {
  try {
    variants(...texts);
  } catch (failure) {
    if (failure instanceof SlabFailure) return failure.diagnostics.map(({ code }) => code);
    throw failure;
  }
  return [];
}

describe("settings with several values", () => {
  test("are alternatives in brackets, and ranges with both ends", () => {
    expect(variants("fold=[1/2,1/4,0]")).toEqual(["fold=1/2", "fold=1/4", "fold=0"]);
    expect(variants("classes=2..4")).toEqual(["classes=2", "classes=3", "classes=4"]);
    expect(variants("classes=16..64:24")).toEqual(["classes=16", "classes=40", "classes=64"]);
    expect(variants("classes=9..1:4")).toEqual(["classes=9", "classes=5", "classes=1"]);
    expect(variants("classes=[1, 4..6]")).toEqual(["classes=1", "classes=4", "classes=5", "classes=6"]);
    expect(variants("kind=[tsm, gsm]")).toEqual(["kind=tsm", "kind=gsm"]);
    expect(variants("norm=[InstanceNorm(affine: true), BatchNorm]")).toEqual([
      "norm=InstanceNorm(affine: true)",
      "norm=BatchNorm",
    ]);
  });

  test("of a setting that is a list are lists in brackets; one list is one value", () => {
    expect(variants("width=[[8,16],[16,32]]")).toEqual(["width=[8,16]", "width=[16,32]"]);
    expect(variants("width=[8,16]", "classes=[1,2]")).toEqual([
      "width=[8,16] classes=1",
      "width=[8,16] classes=2",
    ]);
  });

  test("may be for one element of a list", () => {
    expect(variants("width[1]=[1,2]")).toEqual(["width=[8,1,32]", "width=[8,2,32]"]);
    expect(variants("width[0]=[1,2]", "width[2]=5")).toEqual(["width=[1,16,5]", "width=[2,16,5]"]);
  });

  test.each([
    [["fold=1/2"], "SLAB7040"],
    [[], "SLAB7040"],
    [["fold=[]"], "SLAB7041"],
    [["fold="], "SLAB7041"],
    [["classes=1..9:0"], "SLAB7042"],
    [["classes=1..x"], "SLAB7042"],
    [["classes=1..100000"], "SLAB7042"],
    [["fold=[[1/2,1/4]]"], "SLAB7043"],
    [["classes=1..3", "classes=4"], "SLAB7044"],
    [["width=[[1,2],[3,4]]", "width[0]=[1,2]"], "SLAB7044"],
    [["classes[0]=[1,2]"], "SLAB7045"],
    [["width[9]=[1,2]"], "SLAB7046"],
    [["classes=1..9999", "width[0]=1..9999"], "SLAB7047"],
    [["clases=[1,2]"], "SLAB2010"],
    [["clases=2..3"], "SLAB2010"],
    [["classes=2,3"], "SLAB1106"],
    [["classes"], "SLAB1106"],
  ])("%j is refused", (texts, code) => expect(codes(...texts)).toEqual([code]));

  test("give every combination once", () => {
    const values = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(values, values, values, (classes, first, last) => {
        const texts = [`classes=[${classes}]`, `width[0]=[${first}]`, `width[2]=[${last}]`];
        fc.pre(classes.length * first.length * last.length > 1);
        const found = variants(...texts);
        expect(found).toHaveLength(classes.length * first.length * last.length);
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});
