import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { emitModel } from "../../../src/compiler/index.js";
import { scoresOf } from "../../../src/compiler/support/scores.js";
import { readManifest } from "../../../src/runtime/manifest.js";
import { modelShape } from "../../../src/runtime/segment.js";
import { openModel } from "../../../src/runtime/session/session.js";
import { check, network } from "../../compiler/elaborate/programs.js";

/** Several outputs of several sizes, of which the scores come last. */
const body = `
  half = volume -> MaxPool(2)
  output deep[i] = half * i  for i in if deep then [3, 2] else []
  output other = volume * 5
  output NAME = concat(volume, volume * 10, along: c)`;

function model(name: string, deep = true) {
  const text = network(body.replace("NAME", name), "(deep: bool = true)");
  const checked = check(text, { tile: [2, 2, 4], settings: [`deep=${deep}`] });
  const bytes = emitModel(checked, { kind: "seeded" }, "net.data").emitted.model;
  return { bytes, manifest: readManifest(bytes, "net.onnx") };
}

const input = () => Float32Array.from({ length: 16 }, (_, index) => index);

test("every output of a network is an output of its model, under its name", async () => {
  const { bytes, manifest } = model("logits");
  expect(manifest.outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ["deep.3", [1, 1, 1, 1, 2]],
    ["deep.2", [1, 1, 1, 1, 2]],
    ["other", [1, 1, 2, 2, 4]],
    ["logits", [1, 2, 2, 2, 4]],
  ]);
  const session = await InferenceSession.create(bytes);
  const results = await session.run({ volume: new Tensor("float32", input(), [1, 1, 2, 2, 4]) });
  const values = Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]]);
  expect(Object.fromEntries(values)).toEqual({
    "deep.3": [39, 45],
    "deep.2": [26, 30],
    other: [...input().map((value) => value * 5)],
    logits: [...input(), ...input().map((value) => value * 10)],
  });
});

test("what is segmented is the output called logits, wherever it stands", async () => {
  const { bytes, manifest } = model("logits");
  expect(scoresOf(manifest.outputs).name).toBe("logits");
  expect(modelShape(manifest, "net.onnx")).toMatchObject({ tile: [2, 2, 4], classes: 2 });
  const opened = await openModel({ bytes }, manifest, { threads: 1 });
  try {
    expect([...(await opened.run(input()))]).toEqual([...input(), ...input().map((value) => value * 10)]);
  } finally {
    await opened.close();
  }
});

test("without an output called logits it is the first", () => {
  expect(scoresOf(model("scores").manifest.outputs).name).toBe("deep.3");
  expect(scoresOf(model("scores", false).manifest.outputs).name).toBe("other");
});
