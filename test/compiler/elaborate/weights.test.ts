import { describe, expect, test } from "vitest";
import { checkNetwork } from "../../../src/compiler/index.js";
import { repositoryHost } from "../../support/host.js";
import { check, network, paths } from "./programs.js";

describe("whose weights an instance has", () => {
  test("elements of a comprehension share theirs", () => {
    const checked = check(network("  output logits = sum(volume * k -> conv: Conv(2, 3) for k in 1..3)"));
    expect(paths(checked)).toEqual(["conv.weight"]);
    const convolutions = checked.graph.nodes.filter(({ operation }) => operation.name === "Conv");
    expect(convolutions.map(({ name, path }) => [name, path])).toEqual([
      ["conv@1", "conv"],
      ["conv@2", "conv"],
      ["conv@3", "conv"],
    ]);
    expect(new Set(convolutions.map(({ parameters }) => parameters.weight)).size).toBe(1);
  });

  test("members of a family each have their own", () => {
    const body =
      "  a[0] = volume\n  a[i] = a[i-1] -> conv: Conv(2, 3)  for i in 1..3\n  output logits = a[3]";
    expect(paths(check(network(body)))).toEqual(["a.1.conv.weight", "a.2.conv.weight", "a.3.conv.weight"]);
  });

  test("a family whose range leaves its end out counts up, and may have no member", () => {
    const body = (from: number, end: string) => `  step[0] = volume
  step[i] = step[i-1] -> conv: Conv(1, 1x1x1)  for i in ${from}..<${end}
  output logits = step[depth-1] -> head: Conv(1, 1x1x1)
  output total = sum(volume for i in 0..<depth)`;
    const made = (depth: number, from = 1, end = "depth") =>
      paths(check(network(body(from, end), `(depth: int = ${depth})`)));
    expect(made(3)).toEqual(["step.1.conv.weight", "step.2.conv.weight", "head.weight"]);
    expect(made(1)).toEqual(["head.weight"]);
    expect(made(1, 5)).toEqual(["head.weight"]);
    expect(made(3, 1, "2 + 1")).toEqual(made(3));
  });

  test("a family counts down as well as up", () => {
    const body =
      "  a[3] = volume\n  a[i] = a[i+1] -> conv: Conv(2, 3)  for i in 2..0\n  output logits = a[0]";
    expect(paths(check(network(body)))).toEqual(["a.2.conv.weight", "a.1.conv.weight", "a.0.conv.weight"]);
  });

  test("a layer seen through several views is one instance", () => {
    const layer =
      "use std.views { sagittal, axial }\nlayer Block {\n  output input -> conv: Conv(2, 1x3x3)\n}\n";
    const body = "  output logits = sum(volume -> v -> block: Block -> undo v for v in [sagittal, axial])";
    const checked = check(network(body, "", layer));
    expect(paths(checked)).toEqual(["block.conv.weight"]);
    expect(checked.graph.nodes.map(({ name }) => name)).toContain("block.conv@axial");
  });

  test("two uses of one definition are one instance", () => {
    const body = "  a = volume -> conv: Conv(1, 3)\n  output logits = a + a";
    const checked = check(network(body));
    expect(checked.graph.nodes.map(({ name }) => name)).toEqual(["conv", "logits.add"]);
  });
});

describe("where weights are", () => {
  test("under a label, or else under the definition's name", () => {
    const body =
      "  first = volume -> Conv(2, 3) -> second: Conv(2, 3)\n  output logits = first -> Conv(2, 1, bias: true)";
    expect(paths(check(network(body)))).toEqual([
      "first.weight",
      "second.weight",
      "logits.weight",
      "logits.bias",
    ]);
  });

  test("under the path of the layers around them", () => {
    const layers =
      "layer Inner {\n  conv = input -> Conv(2, 3)\n  output conv\n}\nlayer Outer {\n  output input -> inner: Inner\n}\n";
    const body = "  a[i] = volume -> outer: Outer  for i in 1..2\n  output logits = a[1] + a[2]";
    expect(paths(check(network(body, "", layers)))).toEqual([
      "a.1.outer.inner.conv.weight",
      "a.2.outer.inner.conv.weight",
    ]);
  });

  test("under a family's index where a layer has no label", () => {
    const layer = "layer Block {\n  output input -> conv: Conv(2, 3)\n}\n";
    const body = "  a[i] = volume -> Block  for i in 1..2\n  output logits = a[1] + a[2]";
    expect(paths(check(network(body, "", layer)))).toEqual(["a.1.conv.weight", "a.2.conv.weight"]);
  });

  test("SSH-UNet's weights have the paths that its text reads as", () => {
    const settings = ["width=[8, 16, 24, 32, 40]"];
    const checked = checkNetwork("examples/ssh-unet/ssh-unet.slab", repositoryHost, { settings });
    // The first block of a level widens its input, so that its skip needs a convolution.
    const encoder = [0, 1, 2, 3, 4].flatMap((i) =>
      ["conv1", "conv2", "conv3"].map((conv) => `unet.enc.${i}.${conv}.weight`),
    );
    const decoder = [3, 2, 1, 0].flatMap((i) => [
      `unet.dec.${i}.up.weight`,
      `unet.dec.${i}.up.bias`,
      ...["conv1", "conv2", "conv3"].map((conv) => `unet.dec.${i}.${conv}.weight`),
    ]);
    const end = ["conv1.weight", "conv1.bias", "head.weight", "head.bias"];
    expect(paths(checked).sort()).toEqual([...encoder, ...decoder, ...end].sort());
    expect(checked.graph.parameters.find(({ path }) => path === "unet.dec.0.up.weight")?.shape).toEqual([
      16, 8, 2, 2, 2,
    ]);
  });
});
