import { describe, expect, test } from "vitest";
import { analyze, checkNetwork, compareLayers, type NetworkComparison } from "../../../src/compiler/index.js";
import { repositoryHost } from "../../support/host.js";
import { check, network } from "../elaborate/programs.js";

const tile = [8, 8, 8];

function compared(before: string, after: string): NetworkComparison {
  return compareLayers(analyze(check(network(before), { tile })), analyze(check(network(after), { tile })));
}

function changes({ layers }: NetworkComparison): readonly string[] {
  return layers.map(({ path, change }) => `${path} ${change}`);
}

describe("comparing layers", () => {
  test("finds nothing between a network and itself", () => {
    const body = "  output y = volume -> c: Conv(4, 3x3x3) -> n: InstanceNorm -> ReLU";
    const { layers, before, after } = compared(body, body);
    expect(layers.map(({ change }) => change)).toEqual(["same", "same", "same"]);
    expect(after).toEqual(before);
  });

  test("tells what was added and removed where it stands", () => {
    const found = compared(
      "  output y = volume -> a: Conv(2, 1x1x1) -> gone: BatchNorm -> b: Conv(2, 1x1x1)",
      "  output y = volume -> a: Conv(2, 1x1x1) -> b: Conv(2, 1x1x1) -> added: InstanceNorm",
    );
    expect(changes(found)).toEqual(["a same", "gone removed", "b same", "added added"]);
    expect(found.layers[1]).toMatchObject({ before: { operation: "BatchNorm", nodes: 1, parameters: 4n } });
    expect(found.layers[1]).not.toHaveProperty("after");
    expect(found.layers[3]).not.toHaveProperty("before");
    expect(found.before.parameters - found.after.parameters).toBe(4n);
  });

  test("names what changed, the default's value too, and what follows from it", () => {
    const found = compared(
      "  output y = volume -> a: Conv(2, 1x1x1) -> b: Conv(2, 1x1x1)",
      "  output y = volume -> a: Conv(4, 1x1x1, bias: true) -> b: Conv(2, 1x1x1)",
    );
    expect(changes(found)).toEqual(["a changed", "b changed"]);
    const [a, b] = found.layers;
    expect(a?.differences).toEqual([
      { what: "out", before: "2", after: "4" },
      { what: "bias", before: "false", after: "true" },
      { what: "output", before: "[n: 1, c: 2, x: 8, y: 8, z: 8]", after: "[n: 1, c: 4, x: 8, y: 8, z: 8]" },
      { what: "parameters", before: "2", after: "8" },
      { what: "macs", before: "1024", after: "2048" },
      { what: "flops", before: "2048", after: "6144" },
      { what: "bytes", before: String(4 * (512 + 2 + 1024)), after: String(4 * (512 + 8 + 2048)) },
    ]);
    expect(b?.differences.map(({ what }) => what)).toEqual(["parameters", "macs", "flops", "bytes"]);
  });

  test("sees another operation at the same path as a change", () => {
    const found = compared(
      "  output y = volume -> a: Conv(2, 1x1x1) -> norm: InstanceNorm(affine: true)",
      "  output y = volume -> a: Conv(2, 1x1x1) -> norm: BatchNorm",
    );
    expect(changes(found)).toEqual(["a same", "norm changed"]);
    expect(found.layers[1]?.differences[0]).toEqual({
      what: "operation",
      before: "InstanceNorm",
      after: "BatchNorm",
    });
  });

  test("keeps several operations of one definition apart", () => {
    const found = compared(
      "  a = volume -> ReLU -> Shift(x, 1/2)\n  output y = a -> c: Conv(2, 1x1x1)",
      "  a = volume -> Shift(x, 1/2) -> LeakyReLU\n  output y = a -> c: Conv(2, 1x1x1)",
    );
    expect(
      found.layers.map(({ path, change, before, after }) => [
        path,
        change,
        before?.operation,
        after?.operation,
      ]),
    ).toEqual([
      ["a", "removed", "ReLU", undefined],
      ["a", "same", "Shift", "Shift"],
      ["a", "added", undefined, "LeakyReLU"],
      ["c", "same", "Conv", "Conv"],
    ]);
  });

  test("counts the views of a layer together", () => {
    const file = "examples/ssh-unet/ssh-unet.slab";
    const of = (settings: readonly string[]) =>
      analyze(checkNetwork(file, repositoryHost, { tile: [32, 32, 32], settings }));
    const found = compareLayers(of([]), of(["width=[32,64,128,256,384]"]));
    const changed = found.layers.filter(({ change }) => change !== "same");
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every(({ path }) => /^unet\.(enc\.4|dec\.3)\b/.test(path))).toBe(true);
    expect(changed.find(({ path }) => path === "unet.enc.4.conv2")).toMatchObject({
      before: { nodes: 3, parameters: 921_600n },
      after: { nodes: 3, parameters: BigInt(384 * 384 * 9) },
    });
    const delta = changed.reduce(
      (sum, { before, after }) => sum + (after?.macs ?? 0n) - (before?.macs ?? 0n),
      0n,
    );
    expect(delta).toBe(found.after.macs - found.before.macs);
  });
});
