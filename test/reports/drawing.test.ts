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

/** Arrows as pieces between the points where they turn. */
function piecesOf(svg: string): Box[] {
  return [...svg.matchAll(/<path d="M([-\dL. ]+)" fill="none"/g)].flatMap(([, path = ""]) => {
    const points = path.split("L").map((point) => point.split(" ").map(Number) as [number, number]);
    return points.slice(1).map(([x, y], index): Box => {
      const [fromX, fromY] = points[index] as [number, number];
      return {
        left: Math.min(fromX, x),
        top: Math.min(fromY, y),
        right: Math.max(fromX, x),
        bottom: Math.max(fromY, y),
      };
    });
  });
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

  test.each(["unetr", "swin-unetr", "nnformer", "cotr"])(
    "of %s fit a page, and no arrow runs behind a box",
    (name) => {
      const tile = name.endsWith("unetr") ? [96, 96, 96] : [128, 128, 128];
      const svg = drawn(`examples/${name}/${name}.slab`, [], tile, name === "cotr" ? 1 : undefined);
      expectSound(svg);
      const [, width] = /viewBox="0 0 (\d+) /.exec(svg) ?? [];
      expect(Number(width)).toBeLessThanOrEqual(1260);
      const pieces = piecesOf(svg);
      expect(pieces.length).toBeGreaterThan(15);
      const inner = shapesOf(svg).map(({ left, top, right, bottom }) => {
        return { left: left + 1, top: top + 1, right: right - 1, bottom: bottom - 1 };
      });
      const crossed = pieces.flatMap((piece) =>
        inner.filter(
          (box) =>
            piece.left < box.right &&
            piece.right > box.left &&
            piece.top < box.bottom &&
            piece.bottom > box.top,
        ),
      );
      expect(crossed).toEqual([]);
    },
  );

  test("show blocks that differ in the shift of their windows once, and no box for what depends on weights alone", () => {
    const swin = drawn("examples/swin-unetr/swin-unetr.slab", [], [96, 96, 96]);
    expect(swin.match(/>TransformerBlock</g)).toHaveLength(4);
    expect(swin.match(/>× 2</g)).toHaveLength(4);
    const coTr = drawn("examples/cotr/cotr.slab", [], [128, 128, 128], 1);
    expect(coTr).toContain(">× 6<");
    expect(coTr.match(/>\+ level_embed</g)).toHaveLength(2);
    expect(coTr).not.toContain(">slice<");
  });

  test("are the same every time", () => {
    const once = () => drawn("examples/nnunet/nnunet.slab", []);
    expect(once()).toBe(once());
  });
});
