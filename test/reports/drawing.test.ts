import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkNetwork } from "../../src/compiler/index.js";
import { drawNetwork } from "../../src/reports/drawing/draw.js";
import { repositoryHost } from "../support/host.js";
import { checkMarkup } from "./markup.js";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function drawn(file: string, settings: readonly string[], tile?: readonly number[], depth?: number): string {
  const { graph } = checkNetwork(file, repositoryHost, { settings, ...(tile ? { tile } : {}) });
  return drawNetwork(graph, depth);
}

/** Boxes and circles of blocks, without frames. */
function shapesOf(svg: string): Box[] {
  const rectangles = [
    ...svg.matchAll(/<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)" rx="([\d.]+)"/g),
  ]
    .filter(([, , , , , rounding]) => rounding !== "10")
    .map(([, x, y, width, height]) => {
      return {
        left: Number(x),
        top: Number(y),
        right: Number(x) + Number(width),
        bottom: Number(y) + Number(height),
      };
    });
  const circles = [...svg.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)" r="([\d.]+)"/g)].map(
    ([, x, y, r]) => {
      return {
        left: Number(x) - Number(r),
        top: Number(y) - Number(r),
        right: Number(x) + Number(r),
        bottom: Number(y) + Number(r),
      };
    },
  );
  return [...rectangles, ...circles];
}

function overlaps(boxes: readonly Box[]): [Box, Box][] {
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b): [Box, Box] => [a, b]),
  );
}

function expectSound(svg: string): void {
  expect(checkMarkup(svg).length).toBeGreaterThan(5);
  expect(overlaps(shapesOf(svg))).toEqual([]);
  const [, width = "", height = ""] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  const [, dx = "", dy = ""] = /<g transform="translate\(([-\d.]+) ([-\d.]+)\)">/.exec(svg) ?? [];
  for (const box of shapesOf(svg)) {
    expect(box.left + Number(dx)).toBeGreaterThan(0);
    expect(box.top + Number(dy)).toBeGreaterThan(0);
    expect(box.right + Number(dx)).toBeLessThan(Number(width));
    expect(box.bottom + Number(dy)).toBeLessThan(Number(height));
  }
}

const files = ["ssh-unet", "ablation", "nnunet", "vnet", "meshnet", "tsm", "cotr"];

describe("pictures of architectures", () => {
  test.each(files)("%s, sizes open", (name) => expectSound(drawn(`examples/${name}/${name}.slab`, [])));

  test.each(["shift=gsm", "shift=gsf", "fusion=vfn", "text=paper", "stacked=true"])(
    "SSH-UNet with %s",
    (setting) => expectSound(drawn("examples/ssh-unet/ssh-unet.slab", [setting], [32, 32, 32])),
  );

  test.each([1, 2, 3, 4])("SSH-UNet opened %i deep", (depth) =>
    expectSound(drawn("examples/ssh-unet/ssh-unet.slab", ["width=[8,16]"], [32, 32, 32], depth)),
  );

  test("show a network that views share once, with the views' names", () => {
    const svg = drawn("examples/ssh-unet/ssh-unet.slab", [], [96, 96, 96]);
    expect(svg).toContain("3 views with shared weights: sagittal, coronal, axial");
    expect(svg.match(/>SliceShiftBlock</g)).toHaveLength(9);
    expect(svg).toContain(">3 times 32 × 96³<");
  });

  test("have text that can be read where a page makes them 800 pixels wide", () => {
    for (const name of ["ssh-unet", "nnunet", "vnet", "tsm"]) {
      const [tile, folder] = [name === "tsm" ? [8, 224, 224] : [128, 128, 128], `examples/${name}`];
      const [, width] = /viewBox="0 0 (\d+) /.exec(drawn(`${folder}/${name}.slab`, [], tile)) ?? [];
      // Eleven units high at least, which is then nearly nine pixels.
      expect(Number(width), name).toBeLessThanOrEqual(1000);
    }
  });

  test("show repeated blocks once, with their number", () => {
    const svg = drawn("examples/tsm/tsm.slab", [], [8, 224, 224]);
    expect(svg.match(/>Bottleneck</g)).toHaveLength(4);
    for (const count of [3, 4, 6]) expect(svg).toContain(`>× ${count}<`);
  });

  test("are sound for U-shaped networks of any depth and width", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 2, maxLength: 7 }),
        fc.boolean(),
        fc.boolean(),
        (width, residual, bound) => {
          const settings = [`width=[${width.join(",")}]`, `residual=${residual}`];
          expectSound(drawn("examples/ablation/ablation.slab", settings, bound ? [64, 128, 64] : undefined));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("are the same every time", () => {
    const once = () => drawn("examples/nnunet/nnunet.slab", []);
    expect(once()).toBe(once());
  });
});
