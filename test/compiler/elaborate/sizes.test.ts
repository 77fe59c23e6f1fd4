import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateSize } from "../../../src/compiler/graph/size.js";
import { checkNetwork, SlabFailure } from "../../../src/compiler/index.js";
import { repositoryHost } from "../../support/host.js";
import { check, network, outputType, types } from "./programs.js";

/** The sums over all operations of a network, under its sizes. */
function costs({ graph }: ReturnType<typeof check>, bindings = graph.bindings) {
  const all = graph.nodes.map((node) => node.operation.cost(node));
  const total = (sizes: (typeof all)[number]["macs"][]) =>
    sizes.reduce((sum, size) => sum + (evaluateSize(size, bindings) ?? Number.NaN), 0);
  return { macs: total(all.map(({ macs }) => macs)), flops: total(all.map(({ flops }) => flops)) };
}

describe("sizes of axes", () => {
  test("stay symbols until they are given", () => {
    const text = network("  output logits = volume -> down: Conv(2, 3, stride: 2)");
    const floors = ["x", "y", "z"].map((axis) => `${axis}: floor((${axis} + 1) / 2)`);
    expect(outputType(check(text))).toBe(`float[n, c: 2, ${floors.join(", ")}]`);
    expect(outputType(check(text, { tile: [9, 8, 7] }))).toBe("float[n: 1, c: 2, x: 5, y: 4, z: 4]");
  });

  test("views give roles to axes, and undo gives the axes back in the input's order", () => {
    const body =
      "  a = volume -> axial -> conv: Conv(2, 1x3x3, stride: 1x1x2)\n  output logits = a -> undo axial";
    const checked = check(network(body, "", "use std.views { axial }\n"), { tile: [4, 5, 6] });
    expect(types(checked)).toEqual({
      "a.rearrange": "float[n: 1, c: 1, s: 6, h: 5, w: 4]",
      conv: "float[n: 1, c: 2, s: 6, h: 5, w: 2]",
      "logits.rearrange": "float[n: 1, c: 2, x: 2, y: 5, z: 6]",
    });
  });

  test.each([
    ["sagittal", "s: 4, h: 5, w: 6"],
    ["coronal", "s: 5, h: 4, w: 6"],
    ["axial", "s: 6, h: 5, w: 4"],
  ])("the %s view of a volume of 4, 5 and 6 voxels is %s", (view, expected) => {
    const before = `use std.views { ${view} }\n`;
    const checked = check(network(`  output logits = volume -> ${view} -> undo ${view}`, "", before), {
      tile: [4, 5, 6],
    });
    expect(Object.values(types(checked))).toEqual([
      `float[n: 1, c: 1, ${expected}]`,
      "float[n: 1, c: 1, x: 4, y: 5, z: 6]",
    ]);
  });

  test("of a random network are the same whether they are given before or after it is built", () => {
    const step = fc.record({
      out: fc.integer({ min: 1, max: 4 }),
      kernel: fc.constantFrom("1", "3", "5", "1x3x5"),
      stride: fc.integer({ min: 1, max: 3 }),
      view: fc.constantFrom("sagittal", "coronal", "axial"),
      up: fc.boolean(),
    });
    const tile = fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 40 })));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), tile, (steps, tile) => {
        const stages = steps.map(({ out, kernel, stride, view, up }, index) => {
          const call = up
            ? `ConvTranspose(${out}, 2, stride: 2)`
            : `Conv(${out}, ${kernel}, stride: ${stride})`;
          return `-> ${view} -> conv${index}: ${call} -> Shift(s, 1/4) -> undo ${view}`;
        });
        const text = network(
          `  output logits = volume ${stages.join("\n    ")}`,
          "",
          "use std.views { sagittal, coronal, axial }\n",
        );
        const [x, y, z] = tile;
        const late = check(text);
        const early = check(text.replace("n, c: 1, x, y, z", `n: 1, c: 1, x: ${x}, y: ${y}, z: ${z}`));
        const bindings = new Map([
          ["n", 1],
          ["x", x as number],
          ["y", y as number],
          ["z", z as number],
        ]);
        expect(types(late, bindings)).toEqual(types(early));
        expect(costs(late, bindings)).toEqual(costs(early));
      }),
      { numRuns: 50 },
    );
  });

  test("that break a condition on several levels and axes give one message with sizes that work", () => {
    const options = { tile: [100, 100, 100] };
    const attempt = () => checkNetwork("examples/ssh-unet/ssh-unet.slab", repositoryHost, options);
    expect(attempt).toThrow(SlabFailure);
    try {
      attempt();
    } catch (failure) {
      const { diagnostics } = failure as SlabFailure;
      expect(diagnostics.map(({ code }) => code)).toEqual(["SLAB3107"]);
      expect(diagnostics[0]?.help).toEqual([
        "tile 100x100x100 is not divisible by 16; 96x96x96 and 112x112x112 are",
      ]);
    }
  });

  test("a requirement on a size waits until the size is given", () => {
    const text = network(
      '  require volume.x % 4 == 0, "not by 4: {volume.x}"\n  output logits = volume -> ReLU',
    );
    check(text);
    check(text, { tile: [8, 1, 1] });
    expect(() => check(text, { tile: [6, 1, 1] })).toThrow(/not by 4: 6/);
  });
});

describe("the cost of SSH-UNet with 16 classes", () => {
  test.each([
    [128, 518_673_924_096],
    [96, 218_815_561_728],
  ])("is exact for a cube of %i voxels", (size, macs) => {
    const checked = checkNetwork("examples/ssh-unet/ssh-unet.slab", repositoryHost, {
      tile: [size, size, size],
    });
    expect(costs(checked).macs).toBe(macs);
  });
});
