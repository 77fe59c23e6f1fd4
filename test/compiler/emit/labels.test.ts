import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { emitModel, parseSchedule, type SlabFailure } from "../../../src/compiler/index.js";
import { readManifest } from "../../../src/runtime/manifest.js";
import { argMax, createLabels } from "../../../src/runtime/tiling/labels.js";
import { check } from "../elaborate/programs.js";

const tile = [3, 4, 5];
const voxels = 60;

function model(text: string, schedule = "portable"): Uint8Array {
  const checked = check(text, { tile });
  return emitModel(checked, { kind: "seeded" }, "w", parseSchedule(schedule), "labels").emitted.model;
}

/** Scores that come in and go out; `name` is what the output is called. */
function passing(classes: number, name = "logits", arrow = "* 1"): string {
  const view = "view side { s: z, h: y, w: x }";
  return `${view}\nnetwork Net {\n  input volume: float[n, c: ${classes}, x, y, z]\n  output ${name} = volume ${arrow}\n}\n`;
}

async function labelsOf(bytes: Uint8Array, scores: Float32Array, classes: number) {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const results = await session.run({ volume: new Tensor("float32", scores, [1, classes, ...tile]) });
  await session.release();
  const [[name, labels]] = Object.entries(results) as [[string, Tensor]];
  return { name, type: labels.type, shape: labels.dims, values: [...(labels.data as Uint8Array)] };
}

/** What the runtime makes of the same scores. */
function fromScores(scores: Float32Array, classes: number): number[] {
  const labels = createLabels(voxels, classes);
  const planes = Array.from({ length: classes }, (_, c) => scores.subarray(c * voxels, (c + 1) * voxels));
  argMax(planes, voxels, labels, 0);
  return [...labels];
}

describe("a model that gives labels", () => {
  test.each([2, 5, 255, 256, 300])(
    "agrees with the arg-max of its %d classes, with ties",
    async (classes) => {
      // Few different values, so that nearly every voxel has several highest scores; all of them infinite in one.
      const scores = Float32Array.from(
        { length: classes * voxels },
        (_, i) => ((i * 7919 + i * i * 13) % 11) - 5,
      );
      for (let c = 0; c < classes; c++) scores[c * voxels + 7] = Number.NEGATIVE_INFINITY;
      scores[voxels + 8] = Number.POSITIVE_INFINITY;
      const found = await labelsOf(model(passing(classes)), scores, classes);
      const type = classes < 256 ? "uint8" : "uint16";
      expect(found).toMatchObject({ name: "labels", type, shape: [1, ...tile] });
      expect(found.values).toEqual(fromScores(scores, classes));
    },
  );

  test("labels a voxel with a score that is NaN with the number of classes", async () => {
    const scores = Float32Array.from({ length: 3 * voxels }, (_, i) => i % 5);
    scores[2 * voxels + 4] = Number.NaN;
    const { values } = await labelsOf(model(passing(3)), scores, 3);
    expect(values[4]).toBe(3);
    expect(values.filter((label) => label === 3)).toHaveLength(1);
  });

  test.each(["portable", "cpu", "gpu", "webgpu", "precision=float16"])(
    "of one class labels what exceeds 0, or 0.5 where scores are probabilities, in the schedule %s",
    async (schedule) => {
      const scores = Float32Array.from({ length: voxels }, (_, i) => (i % 7) / 4 - 0.75);
      scores[3] = Number.NaN;
      const expected = [...scores].map((score, i) => (i === 3 ? 2 : Number(score > 0)));
      const ends = ["* 1", "-> Sigmoid", "-> Sigmoid -> side -> undo side", "-> Sigmoid -> Dropout"];
      for (const end of ends) {
        const bytes = model(passing(1, "logits", end), schedule);
        expect((await labelsOf(bytes, scores, 1)).values, end).toEqual(expected);
        expect(readManifest(bytes, "m").probabilities).toBe(end !== "* 1");
      }
    },
  );

  test.each(["portable", "cpu", "gpu", "webgpu"])(
    "finds the same class before and behind a Sigmoid in the schedule %s",
    async (schedule) => {
      const scores = Float32Array.from({ length: voxels }, (_, i) => Math.sin(i));
      const [logits, probabilities] = ["", " -> Sigmoid"].map((end) =>
        model(passing(1, "logits", `-> seen: Conv(1, 1x3x3)${end}`), schedule),
      );
      const expected = (await labelsOf(logits as Uint8Array, scores, 1)).values;
      expect(new Set(expected).size).toBe(2);
      expect((await labelsOf(probabilities as Uint8Array, scores, 1)).values).toEqual(expected);
    },
  );

  test("compares the scores in float32 where the network is in float16", async () => {
    const scores = Float32Array.from({ length: 4 * voxels }, (_, i) => Math.sin(i));
    const { values } = await labelsOf(model(passing(4), "precision=float16"), scores, 4);
    const agreeing = values.filter((label, i) => label === fromScores(scores, 4)[i]);
    expect(agreeing.length).toBeGreaterThan(0.97 * voxels);
  });

  test("leaves out other outputs, takes a name that is free, and says what it gives", async () => {
    const text = `network Net {
      input volume: float[n, c: 2, x, y, z]
      output deep = volume -> MaxPool(2)
      output labels = volume -> labels: Conv(3, 1x1x1)
    }`;
    // Without an output called logits the first one counts.
    expect(readManifest(model(text), "m").outputs).toEqual([
      { name: "labels", axes: ["n", "x", "y", "z"], shape: [1, 1, 2, 2], classes: 2 },
    ]);
    const own = model(text.replace("deep =", "other =").replace("output other = volume -> MaxPool(2)", ""));
    expect(readManifest(own, "m").outputs).toMatchObject([{ name: "labels_", classes: 3 }]);
    const layer = model(text.replace("output labels", "output logits"));
    const scores = Float32Array.from({ length: 2 * voxels }, (_, i) => Math.sin(i));
    expect(await labelsOf(layer, scores, 2)).toMatchObject({ name: "labels", type: "uint8" });
  });

  test("is refused where the scores have no classes", () => {
    const text = passing(2, "logits", "-> Mean(c)");
    try {
      model(text);
      expect.unreachable();
    } catch (failure) {
      expect((failure as SlabFailure).diagnostics).toMatchObject([{ code: "SLAB7112" }]);
      expect(String(failure)).toContain("labels are made of scores");
    }
  });
});
