import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkName } from "../../src/cli/commands/new.js";
import { networkOptions, parseCount, parseSizes, settingsIn, splitAtCommas } from "../../src/cli/options.js";
import { SlabFailure } from "../../src/compiler/index.js";

describe("settings", () => {
  test("are cut at commas outside of brackets and texts", () => {
    expect(splitAtCommas('classes=3,width=[8,[16,2]],kind="a,\\"b",fold=f(1,2)')).toEqual([
      "classes=3",
      "width=[8,[16,2]]",
      'kind="a,\\"b"',
      "fold=f(1,2)",
    ]);
  });

  test.each([
    ["width=8,16,24", "width=[8,16,24]"],
    ["classes=3,shift=tsm,gsm,fold=1/4", "shift=[tsm,gsm]"],
  ])("that lack the brackets of a list are shown with them: %s", (text, list) => {
    const bracketed = expect.objectContaining({
      code: "SLAB1106",
      help: [expect.stringContaining(`brackets: ${list}`)],
    });
    expect(() => settingsIn(text)).toThrow(expect.objectContaining({ diagnostics: [bracketed] }));
  });

  test.each(["classes,2", "width=[8],16", "classes"])(
    "that are none are left to the compiler: %s",
    (text) => {
      expect(settingsIn(text)).toEqual(splitAtCommas(text));
    },
  );

  test("are all kept, whatever is in them: joined again they are the text", () => {
    fc.assert(fc.property(fc.string(), (text) => splitAtCommas(text).join(",") === text));
  });

  test("of several options follow each other", () => {
    expect(networkOptions({ set: ["a=1,b=2", "c=3"] })).toEqual({ settings: ["a=1", "b=2", "c=3"] });
  });
});

describe("sizes", () => {
  test("of a tile are read in order", () => {
    const size = fc.integer({ min: 1, max: 65_536 });
    const sizes = fc
      .array(size, { minLength: 1, maxLength: 8 })
      .filter((list) => list.reduce((a, b) => a * b, 1) <= 2 ** 29);
    fc.assert(fc.property(sizes, (list) => parseSizes("--tile", list.join("x")).join() === list.join()));
  });

  test.each([
    "",
    "x",
    "8x",
    "0x8x8",
    "8.5x8",
    "-8x8",
    "65537",
    "1e3",
    "8X8",
    "1x1x1x1x1x1x1x1x1",
    "4096x4096x4096",
  ])("%j is no tile", (text) => {
    expect(() => parseSizes("--tile", text)).toThrow(SlabFailure);
  });

  test.each(["0", "9", "2.5", "", "two", "1e0", "99999999999"])("%j is no count up to 8", (text) => {
    expect(() => parseCount("--batch", text, 8)).toThrow(/SLAB6007: --batch takes a whole number/);
  });
});

test.each([
  ["liver", "LiverNet"],
  ["liver-lobes_2", "LiverLobes2Net"],
  ["SSHNet", "SSHNet"],
  ["conv", "ConvNet"],
  ["3d", "My3dNet"],
  ["лёгкое", "MyNet"],
])("a starter file called %s holds network %s", (file, network) => {
  expect(networkName(file)).toBe(network);
});
