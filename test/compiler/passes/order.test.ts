import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { memory } from "../../../src/compiler/analyze/memory.js";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { inRuntimeOrder, runtimeOrder } from "../../../src/compiler/passes/order/runtime-order.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { emitOptions, seededWeights } from "../ops/harness.js";
import { expectAgreement } from "./agreement.js";

/** One branch that needs little, another that needs much and leaves little; `late` is written last. */
function branches(late: "small" | "large"): Graph {
  const joined = late === "small" ? "large, small" : "small, large";
  const body = `small = volume -> s1: Conv(4, 1) -> s2: Tanh
  large = volume -> l1: Conv(16, 1) -> l2: Conv(16, 3) -> l3: Conv(4, 1)
  output sum = concat(${joined}, along: c) -> Conv(2, 1)`;
  return check(network(body), { tile: [8, 8, 8] }).graph;
}

function lean(graph: Graph) {
  const { graph: result, reports } = scheduleGraph(graph, parseSchedule("order=lean"));
  return { graph: result, remarks: reports.flatMap(({ remarks }) => remarks) };
}

const peak = (graph: Graph) => memory(inRuntimeOrder(graph)).peakBytes;

/** The nodes of a graph in the order in which ONNX Runtime's profile names them, without what it makes of them. */
async function profiledOrder(graph: Graph): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "slab-order-"));
  try {
    const session = await InferenceSession.create(emitOnnx(graph, seededWeights, emitOptions).model, {
      graphOptimizationLevel: "disabled",
      enableProfiling: true,
      profileFilePrefix: join(folder, "profile"),
    });
    await session.run({ volume: new Tensor("float32", new Float32Array(512), [1, 1, 8, 8, 8]) });
    session.endProfiling();
    const [file = ""] = readdirSync(folder);
    const events: { name: string; cat: string }[] = JSON.parse(readFileSync(join(folder, file), "utf8"));
    const names = new Set(graph.nodes.map(({ name }) => name));
    return events
      .filter(({ cat, name }) => cat === "Node" && name.endsWith("_kernel_time"))
      .map(({ name }) => name.slice(0, -"_kernel_time".length))
      .filter((name) => names.has(name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the order of ONNX Runtime", () => {
  test.each(["small", "large"] as const)(
    "is as its profile says where the %s branch comes last",
    async (late) => {
      const { graph } = scheduleGraph(branches(late), parseSchedule("portable"));
      const expected = runtimeOrder(graph).map(({ name }) => name);
      expect(await profiledOrder(graph)).toEqual(expected);
    },
  );
});

describe("order=lean", () => {
  test("has the branch computed first that needs more than it leaves", async () => {
    const { graph: before } = scheduleGraph(branches("small"), parseSchedule("portable"));
    const { graph, remarks } = lean(branches("small"));
    expect(peak(graph)).toBeLessThan(peak(before));
    expect(runtimeOrder(graph)[0]?.name).toBe("l1");
    expect(remarks.filter(({ kind }) => kind === "done").map(({ text }) => text)).toEqual([
      expect.stringMatching(/^at most \d+ bytes of activations at a time, not \d+$/),
    ]);
    await expectAgreement(branches("small"), [["lean", parseSchedule("order=lean")]]);
  });

  test("leaves an order than which none is better", () => {
    const { graph, remarks } = lean(branches("large"));
    expect(runtimeOrder(graph)[0]?.name).toBe("l1");
    expect(remarks.map(({ text }) => text)).toEqual([
      "no order of the inputs that was tried needs less memory than that of the file",
    ]);
  });
});
