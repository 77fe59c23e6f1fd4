import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderDiagnostic } from "../../../src/compiler/diagnostics/render.js";
import {
  matchWeights,
  type NetworkParameter,
  renderMappingReport,
} from "../../../src/compiler/weights/match.js";
import {
  elementCount,
  type StoredTensor,
  type TensorFile,
} from "../../../src/compiler/weights/tensor-file.js";
import { diagnosticsOf } from "./files.js";

function fileOf(shapes: Record<string, number[]>, dtype = "float32"): TensorFile {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => [
    name,
    {
      name,
      shape,
      dtype: name.endsWith("num_batches_tracked") ? "int64" : dtype,
      read: () => new Float32Array(elementCount(shape)),
    },
  ]);
  return { format: "safetensors", tensors: new Map(tensors) };
}

const network: NetworkParameter[] = [
  { path: "unet.enc.0.conv1.weight", shape: [8, 1, 1, 3, 3], foreignName: "input_block.conv1.conv.weight" },
  { path: "unet.enc.0.norm1.weight", shape: [8], foreignName: "input_block.norm1.weight" },
  {
    path: "unet.enc.0.norm1.running_mean",
    shape: [8],
    foreignName: "input_block.norm1.running_mean",
    buffer: true,
  },
];
const ownShapes = Object.fromEntries(network.map(({ path, shape }) => [path, [...shape]]));
const foreignShapes = Object.fromEntries(network.map(({ foreignName, shape }) => [foreignName, [...shape]]));
const withoutForeign = network.map(({ foreignName: _, ...parameter }) => parameter);

const rendered = (action: () => unknown) =>
  diagnosticsOf(action).map((diagnostic) => renderDiagnostic(diagnostic));

describe("matching weights", () => {
  test("by path, also where a checkpoint block is there", () => {
    const { assigned, report } = matchWeights(network, fileOf(ownShapes), "model.pth", {
      checkpoint: "authors",
    });
    expect([...assigned].every(([path, tensor]) => path === tensor.name)).toBe(true);
    expect(renderMappingReport(report)).toBe(
      "3 tensors, 80 parameters, from model.pth (safetensors) by path",
    );
  });

  test("through the checkpoint block where paths don't fit", () => {
    const { assigned, report } = matchWeights(network, fileOf(foreignShapes), "model.pth", {
      checkpoint: "authors",
    });
    expect(assigned.get("unet.enc.0.norm1.weight")?.name).toBe("input_block.norm1.weight");
    expect(renderMappingReport(report)).toBe(
      '3 tensors, 80 parameters, from model.pth (safetensors) through checkpoint "authors"',
    );
  });

  test("a parameter without a foreign name is looked for by its path", () => {
    const [first, ...rest] = network as [NetworkParameter, ...NetworkParameter[]];
    const mixed = [{ path: first.path, shape: first.shape }, ...rest];
    const file = fileOf({ ...foreignShapes, [first.path]: [...first.shape] });
    file.tensors instanceof Map && file.tensors.delete("input_block.conv1.conv.weight");
    expect(matchWeights(mixed, file, "model.pth").assigned.size).toBe(3);
  });

  test("two parameters may share one tensor, which counts once", () => {
    const tied = ["a", "b"].map((path) => ({ path, shape: [4], foreignName: "shared" }));
    expect(matchWeights(tied, fileOf({ shared: [4] }), "m").report).toMatchObject({
      tensors: 2,
      parameters: 4,
    });
  });

  test("counters of training batches are ignored, and the report says so", () => {
    const file = fileOf({ ...ownShapes, "unet.enc.0.norm1.num_batches_tracked": [] });
    expect(renderMappingReport(matchWeights(network, file, "model.pth").report).split("\n")[1]).toBe(
      "ignored: unet.enc.0.norm1.num_batches_tracked (counts training batches)",
    );
  });

  test("what the checkpoint block ignores is passed over, and the report says so", () => {
    const file = fileOf({ ...foreignShapes, "deep.0.weight": [3], "deep.1.weight": [3], other: [1] });
    const from = { checkpoint: "authors", ignores: (name: string) => /^deep|^input/.test(name) };
    expect(rendered(() => matchWeights(network, file, "m", from))).toEqual([
      expect.stringContaining("= extra  other [1]"),
    ]);
    file.tensors instanceof Map && file.tensors.delete("other");
    const { assigned, report } = matchWeights(network, file, "model.pth", from);
    expect(assigned.size).toBe(3);
    expect(report).toMatchObject({ ignored: ["deep.0.weight", "deep.1.weight"] });
    expect(renderMappingReport(report).split("\n")[1]).toBe(
      "ignored: deep.0.weight and 1 more like it (as the checkpoint block says)",
    );
  });

  test("a tensor fills a parameter of its sizes but for axes of size one, and the report says so", () => {
    const parameters = [
      { path: "conv.weight", shape: [64, 3, 1, 7, 7] },
      { path: "conv.bias", shape: [64] },
    ];
    const file = fileOf({ "conv.weight": [64, 3, 7, 7], "conv.bias": [1, 64, 1] });
    const { assigned, report } = matchWeights(parameters, file, "model.pth");
    expect(assigned.get("conv.weight")?.shape).toEqual([64, 3, 7, 7]);
    expect(renderMappingReport(report).split("\n")[1]).toBe(
      "reshaped: conv.weight [64, 3, 7, 7] as [64, 3, 1, 7, 7] and 1 more like it (axes of size one)",
    );
  });

  test("shapes are the same but for ones exactly where their other sizes are the same sequence", () => {
    const size = fc.constantFrom(1, 1, 2, 3);
    const shape = fc.array(size, { maxLength: 5 });
    fc.assert(
      fc.property(shape, shape, (inFile, inNetwork) => {
        const parameters = [{ path: "w", shape: inNetwork }];
        const others = (sizes: number[]) => sizes.filter((each) => each > 1).join();
        const fits = () => matchWeights(parameters, fileOf({ w: inFile }), "m").assigned.size === 1;
        if (others(inFile) === others(inNetwork)) expect(fits()).toBe(true);
        else expect(diagnosticsOf(fits).map(({ code }) => code)).toEqual(["SLAB4042"]);
      }),
    );
  });

  test("a missing tensor is shown with the nearest of its shape, an extra one the same way", () => {
    expect(rendered(() => matchWeights(withoutForeign, fileOf(foreignShapes), "model.pth"))).toEqual([
      `error[SLAB4040]: the file lacks 3 tensors of the network
  ┌─ model.pth
  = missing  unet.enc.0.conv1.weight [8, 1, 1, 3, 3]; nearest in the file: input_block.conv1.conv.weight [8, 1, 1, 3, 3]
  = missing  unet.enc.0.norm1.weight [8]; nearest in the file: input_block.norm1.weight [8]
  = missing  unet.enc.0.norm1.running_mean [8]; nearest in the file: input_block.norm1.running_mean [8]
  = help: the file's names are another framework's: say how they map with a \`checkpoint NAME for NETWORK { ... }\` block`,
      `error[SLAB4041]: the file has 3 tensors that the network has no place for
  ┌─ model.pth
  = extra  input_block.conv1.conv.weight [8, 1, 1, 3, 3]; nearest in the network: unet.enc.0.conv1.weight [8, 1, 1, 3, 3]
  = extra  input_block.norm1.weight [8]; nearest in the network: unet.enc.0.norm1.weight [8]
  = extra  input_block.norm1.running_mean [8]; nearest in the network: unet.enc.0.norm1.running_mean [8]
  = help: check that the file belongs to this network and its settings (--set)`,
    ]);
  });

  test("a long list is cut after five, with the number of the others", () => {
    const file = fileOf({
      ...ownShapes,
      ...Object.fromEntries([...Array(17).keys()].map((i) => [`x${i}`, [1]])),
    });
    const [text] = rendered(() => matchWeights(network, file, "model.pth"));
    expect(text).toContain("the file has 17 tensors");
    expect(text?.match(/= extra {2}x\d/g)).toHaveLength(5);
    expect(text).toContain("... and 12 more");
  });

  test("misshapen tensors that one size explains", () => {
    const parameters = [
      { path: "head.weight", shape: [5, 8] },
      { path: "head.bias", shape: [5] },
    ];
    const file = fileOf({ "head.weight": [21, 8], "head.bias": [21] });
    expect(rendered(() => matchWeights(parameters, file, "model.pth"))).toEqual([
      `error[SLAB4042]: 2 tensors have another shape in the file than in the network
  ┌─ model.pth
  = misshapen  head.weight: [21, 8] in the file, [5, 8] in the network
  = misshapen  head.bias: [21] in the file, [5] in the network
  = help: the file's tensors have 21 where the network has 5: set the network up as it was trained (--set)`,
    ]);
  });

  test.each<[string, number[][], number[][], string]>([
    ["one ratio", [[32, 16], [16]], [[16, 8], [8]], "every size that differs is 2 times the network's"],
    ["the inverse ratio", [[4, 2]], [[16, 8]], "every size that differs is 1/4 of the network's"],
  ])("misshapen tensors that %s explains", (_, inFile, inNetwork, explanation) => {
    const parameters = inNetwork.map((shape, i) => ({ path: `p${i}`, shape }));
    const file = fileOf(Object.fromEntries(inFile.map((shape, i) => [`p${i}`, shape])));
    expect(diagnosticsOf(() => matchWeights(parameters, file, "m"))[0]?.help.join()).toContain(explanation);
  });

  test("shapes that nothing explains are shown without a guess", () => {
    const file = fileOf({ a: [3, 5], b: [7] });
    const parameters = [
      { path: "a", shape: [2, 5] },
      { path: "b", shape: [6] },
    ];
    const [diagnostic] = diagnosticsOf(() => matchWeights(parameters, file, "m"));
    expect(diagnostic?.help).toEqual([
      "set the network up as it was trained (--set), or take the file that belongs to it",
    ]);
  });

  test("missing, extra and misshapen tensors are reported together", () => {
    const file = fileOf({ "unet.enc.0.conv1.weight": [4], other: [3], "unet.enc.0.norm1.weight": [8] });
    expect(diagnosticsOf(() => matchWeights(withoutForeign, file, "m")).map(({ code }) => code)).toEqual([
      "SLAB4040",
      "SLAB4041",
      "SLAB4042",
    ]);
  });
});
