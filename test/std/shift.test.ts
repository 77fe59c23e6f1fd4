import { describe, expect, test } from "vitest";
import { SlabFailure } from "../../src/compiler/index.js";
import { check, outputType, paths } from "../compiler/elaborate/programs.js";

const names = "SliceShiftBlock, GateShift, GateShiftFuse";

/** What a layer of the library makes of eight slices of 8 by 16. */
function checked(channels: number, applied: string) {
  return check(`
use std.shift { ${names} }
use std.fusion { VolumetricFusionNet }
network Net() {
  input volume: float[n, c: ${channels}, s: 8, h: 8, w: 16]
  output result = volume -> layer: ${applied}
}
`);
}

function shapes(network: ReturnType<typeof checked>) {
  return Object.fromEntries(network.graph.parameters.map(({ path, shape }) => [path, shape.join("x")]));
}

function refusal(channels: number, applied: string): string {
  try {
    checked(channels, applied);
  } catch (failure) {
    if (failure instanceof SlabFailure) return failure.diagnostics.map(({ title }) => title).join("\n");
    throw failure;
  }
  return "";
}

describe("gate shift", () => {
  test("has a gate for each half of the channels, and keeps every axis", () => {
    const network = checked(6, "GateShift");
    expect(shapes(network)).toEqual({ "layer.gated.gate.weight": "2x3x3x3x3", "layer.gated.gate.bias": "2" });
    expect(outputType(network)).toBe("float[n, c: 6, s: 8, h: 8, w: 16]");
  });

  test("says why it refuses an odd number of channels", () => {
    expect(refusal(5, "GateShift")).toBe("gates share the channels in two halves, but there are 5");
  });
});

describe("gate-shift-fuse", () => {
  test.each([
    [8, 1],
    [12, 2],
    [32, 4],
    [10, 1],
    [80, 10],
  ])("of %i channels has gates that see %i each: half of a quarter, made even", (channels, half) => {
    expect(shapes(checked(channels, "GateShiftFuse"))).toEqual({
      "layer.gated.gate.weight": `2x${half}x3x3x3`,
      "layer.gated.gate.bias": "2",
      "layer.fuse1.conv.weight": "1x2x3x3",
      "layer.fuse1.conv.bias": "1",
      "layer.fuse2.conv.weight": "1x2x3x3",
      "layer.fuse2.conv.bias": "1",
    });
    expect(outputType(checked(channels, "GateShiftFuse"))).toBe(
      `float[n, c: ${channels}, s: 8, h: 8, w: 16]`,
    );
  });
});

describe("the slice-shift block", () => {
  test("has one gate for both places, or for the second alone", () => {
    const uses = (applied: string) =>
      checked(4, applied).graph.nodes.filter(({ parameters }) =>
        Object.values(parameters).some(({ path }) => path === "layer.move.gated.gate.weight"),
      ).length;
    expect(uses("SliceShiftBlock(8, shift: GateShift)")).toBe(2);
    expect(uses("SliceShiftBlock(8, shift: GateShift, twice: false)")).toBe(1);
  });

  test("has a convolution around where size or channels change, and else the input itself", () => {
    expect(paths(checked(4, "SliceShiftBlock(8)"))).toContain("layer.conv3.weight");
    expect(paths(checked(8, "SliceShiftBlock(8, stride: 2)"))).toContain("layer.conv3.weight");
    expect(paths(checked(8, "SliceShiftBlock(8)"))).toEqual(["layer.conv1.weight", "layer.conv2.weight"]);
  });

  test("halves slices, height and width with a stride of 2", () => {
    expect(outputType(checked(4, "SliceShiftBlock(8, stride: 2)"))).toBe("float[n, c: 8, s: 4, h: 4, w: 8]");
  });
});

describe("the fusion net", () => {
  test("widens by the input's channels at each level, and comes back to its size", () => {
    const network = checked(6, "VolumetricFusionNet(2, depth: 2)");
    const convolutions = Object.entries(shapes(network)).filter(([path]) =>
      /conv1|up\.weight|out\.weight/.test(path),
    );
    expect(Object.fromEntries(convolutions)).toEqual({
      "layer.down.1.conv1.weight": "12x6x3x3x3",
      "layer.down.2.conv1.weight": "18x12x3x3x3",
      "layer.up.1.up.weight": "18x12x2x2x2",
      "layer.up.1.conv1.weight": "12x24x3x3x3",
      "layer.up.0.up.weight": "12x6x2x2x2",
      "layer.up.0.conv1.weight": "6x12x3x3x3",
      "layer.out.weight": "2x6x1x1x1",
    });
    expect(outputType(network)).toBe("float[n, c: 2, s: 8, h: 8, w: 16]");
  });

  test("refuses a depth of nothing, and sizes that it cannot halve", () => {
    expect(refusal(6, "VolumetricFusionNet(2, depth: 0)")).toBe(
      "a fusion net needs a depth of at least 1, found 0",
    );
    expect(refusal(6, "VolumetricFusionNet(2, depth: 4)")).toContain("cannot be concatenated along c");
  });
});
