import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import {
  checkNetwork,
  emitModel,
  seededInput,
  seededTensor,
  type TensorFile,
  type WeightSource,
} from "../../src/compiler/index.js";
import { repositoryHost } from "../support/host.js";
import {
  expectAgreement,
  type NamedShape,
  type OutputSummary,
  type Reference,
  readReference,
} from "./reference.js";
import { nnUNet } from "./systems.js";

/** What deep supervision gives too, and the further names under which a file holds some of the tensors. */
interface DeepReference extends Reference {
  readonly further_names: readonly NamedShape[];
  readonly deep: readonly {
    readonly name: string;
    readonly output_shape: readonly number[];
    readonly output: OutputSummary;
  }[];
}

/** All outputs of nnU-Net for the seeded input, by name, and what the mapping of a file says. */
async function run(reference: DeepReference, settings: readonly string[], weights: WeightSource) {
  const tile = reference.input_shape.slice(2);
  const checked = checkNetwork(nnUNet.file, repositoryHost, {
    settings: [...nnUNet.settings, ...settings],
    tile,
  });
  const { emitted, mapping } = emitModel(checked, weights, "unused.data");
  const session = await InferenceSession.create(emitted.model, { logSeverityLevel: 3 });
  const input = new Tensor("float32", seededInput("input", reference.input_shape), reference.input_shape);
  const outputs = await session.run({ [session.inputNames[0] as string]: input });
  await session.release();
  return { outputs, mapping };
}

/** A file as nnU-Net writes it: the values of all tensors that the seeded network has, under all their names. */
function asFile({ tensors, further_names }: DeepReference): TensorFile {
  const stored = [
    ...tensors.map(({ name, shape }) => ({ name, shape, read: () => seededTensor(name, shape) })),
    // The copies would spoil every output if one of them were read.
    ...further_names.map(({ name, shape }) => ({
      name,
      shape,
      read: () => seededTensor(name, shape).fill(Number.NaN),
    })),
  ];
  return {
    format: "torch",
    tensors: new Map(stored.map((tensor) => [tensor.name, { ...tensor, dtype: "float32" }])),
  };
}

describe.each([1, 2])("nnU-Net version %i", (version) => {
  const reference = readReference<DeepReference>(`nnunet-v${version}-small`);
  const settings = [`version=${version}`];
  const path = "model.pth";

  test("gives the coarser levels' labels too under deep supervision", async () => {
    const seeded = { kind: "seeded", checkpoint: `version${version}` } as const;
    const { outputs } = await run(reference, settings, seeded);
    expect(Object.keys(outputs)).toEqual(["logits", ...reference.deep.map(({ name }) => name)]);
    for (const { name, output_shape, output } of reference.deep) {
      expect(outputs[name]?.dims).toEqual(output_shape);
      expectAgreement(outputs[name]?.data as Float32Array, output_shape, output);
    }
  });

  test("loads a file as nnU-Net writes it, whose names it recognizes", async () => {
    const { outputs, mapping } = await run(reference, settings, {
      kind: "file",
      file: asFile(reference),
      path,
    });
    expect(mapping?.checkpoint).toBe(`version${version}`);
    expect(mapping?.ignored).toEqual(reference.further_names.map(({ name }) => name));
    expectAgreement(outputs.logits?.data as Float32Array, reference.output_shape, reference.output);
  });

  test("loads it without deep supervision too, and leaves the coarser heads", async () => {
    const weights: WeightSource = { kind: "file", file: asFile(reference), path };
    const { outputs, mapping } = await run(reference, [...settings, "deep_supervision=false"], weights);
    expect(Object.keys(outputs)).toEqual(["logits"]);
    const heads = reference.tensors.filter(({ name }) => /seg_(outputs|layers)\.[01]\./.test(name));
    expect(new Set(mapping?.ignored)).toEqual(
      new Set([...heads, ...reference.further_names].map(({ name }) => name)),
    );
    expectAgreement(outputs.logits?.data as Float32Array, reference.output_shape, reference.output);
  });
});
