import { describe, expect, test } from "vitest";
import type { SlabFailure } from "../../src/compiler/index.js";
import { check, network, outputType, paths, types } from "../compiler/elaborate/programs.js";

const use = "use std.blocks { PlainBlock, ResidualBlock }\nuse std.unet { UNet }\n";

/** Paths of the weights of a network that is one block. */
function blockPaths(block: string): string[] {
  return paths(check(network(`  output logits = volume -> block: ${block}`, "", use)));
}

describe("PlainBlock", () => {
  test("is two convolutions without bias unless one is asked for", () => {
    expect(blockPaths("PlainBlock(8)")).toEqual(["block.conv1.weight", "block.conv2.weight"]);
    expect(blockPaths("PlainBlock(8, bias: true)")).toEqual([
      "block.conv1.weight",
      "block.conv1.bias",
      "block.conv2.weight",
      "block.conv2.bias",
    ]);
  });

  test("makes an instance of its norm and of its activation for each place", () => {
    expect(blockPaths("PlainBlock(8, norm: GroupNorm(2), activation: PReLU)")).toEqual([
      "block.conv1.weight",
      "block.norm1.weight",
      "block.norm1.bias",
      "block.act1.weight",
      "block.conv2.weight",
      "block.norm2.weight",
      "block.norm2.bias",
      "block.act2.weight",
    ]);
  });

  test("works on any further axes", () => {
    const text =
      "use std.blocks { PlainBlock }\nnetwork Net {\n  input image: float[n, c: 3, h, w]\n  output logits = image -> PlainBlock(8, 3, 2)\n}";
    expect(outputType(check(text, { tile: [21, 10] }))).toBe("float[n: 1, c: 8, h: 11, w: 5]");
  });
});

describe("ResidualBlock", () => {
  test("adds its input as it is where size and channels stay, whichever way stride 1 is written", () => {
    for (const stride of ["1", "1x1x1"]) {
      expect(blockPaths(`ResidualBlock(1, stride: ${stride})`)).toEqual([
        "block.conv1.weight",
        "block.conv2.weight",
      ]);
    }
  });

  test.each(["ResidualBlock(8)", "ResidualBlock(1, stride: 1x2x2)"])(
    "%s brings its input to the new shape",
    (block) => {
      expect(blockPaths(`${block}`)).toContain("block.conv3.weight");
    },
  );
});

describe("UNet", () => {
  const blocks = (levels: string, ups: string, decoders: string) =>
    network(
      `  output logits = volume -> unet: UNet(encoder: ${levels}, upsample: ${ups}, decoder: ${decoders})`,
      "",
      use,
    );
  const block = "PlainBlock(2, stride: 2)";
  const up = "ConvTranspose(2, 2, stride: 2)";

  test("applies the block of a level once each way, coarse levels through the upsampling", () => {
    const text = blocks("[PlainBlock(2), PlainBlock(4, stride: 2)]", `[${up}]`, "[ResidualBlock(3)]");
    const checked = check(text, { tile: [6, 8, 4] });
    const shapes = types(checked);
    expect(shapes["unet.enc.1.conv2"]).toBe("float[n: 1, c: 4, x: 3, y: 4, z: 2]");
    expect(shapes["unet.dec.0.up"]).toBe("float[n: 1, c: 2, x: 6, y: 8, z: 4]");
    expect(shapes["unet.dec.0.conv3"]).toBe("float[n: 1, c: 3, x: 6, y: 8, z: 4]");
    expect(outputType(checked)).toBe("float[n: 1, c: 3, x: 6, y: 8, z: 4]");
  });

  test.each([
    [[block, block], [up, up], [block], "2 levels need upsample and decoder of length 1, found 2 and 1"],
    [[block], [], [], "a U-shaped network needs at least two levels, found 1"],
  ])("refuses lists that do not fit each other: %#", (levels, ups, decoders, message) => {
    const list = (layers: readonly string[]) => `[${layers.join(", ")}]`;
    let titles: string[] = [];
    try {
      check(blocks(list(levels), list(ups), list(decoders)));
    } catch (failure) {
      titles = (failure as SlabFailure).diagnostics.map(({ title }) => title);
    }
    expect(titles).toEqual([message]);
  });
});
