import { describe, expect, test } from "vitest";
import {
  checkNetwork,
  concreteShape,
  emitModel,
  evaluateSize,
  type Graph,
  parseSchedule,
  presetNames,
  seededInput,
} from "../../src/compiler/index.js";
import { openModel, readManifest } from "../../src/runtime/index.js";
import { repositoryHost } from "../support/host.js";
import { expectAgreement, type Reference, readReference } from "./reference.js";
import { type ConformanceCase, cases, counts } from "./systems.js";

function checkedCase({ file, network, settings, tile }: ConformanceCase, { input_shape }: Reference) {
  return checkNetwork(file, repositoryHost, {
    settings,
    ...(network ? { network } : {}),
    tile: tile ?? input_shape.slice(2),
    batch: input_shape[0] as number,
  });
}

/** Every case as every preset computes it, and some by options of their own. */
function schedulesOf(system: ConformanceCase): readonly string[] {
  // Without branches that share weights, gpu is portable.
  const names = presetNames.filter((name) => name !== "gpu" || system.file.includes("ssh-unet"));
  return thorough.includes(system.case) ? [...names, ...further] : names;
}
const thorough = ["ssh-unet-tsm-batch2", "ssh-unet-gsf-non-cubic"];
/** Options that no preset has in this company. */
const further = ["axes=aligned,shift=slice", "conv=folded", "norm=reductions"];

describe.each(cases)("$case with [$settings]", (system) => {
  const reference = readReference(system.case);

  test("has the reference's tensors, by its names, and its exact number of parameters", () => {
    const checked = checkedCase(system, reference);
    const own = checked.graph.parameters.map(({ path, shape }) => ({
      name: checked.foreignName(system.checkpoint, path),
      shape: system.framewise && shape.length === 5 && shape[2] === 1 ? shape.toSpliced(2, 1) : [...shape],
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(own.sort(byName)).toEqual([...reference.tensors].sort(byName));
    expect(countParameters(checked.graph)).toBe(reference.parameters);
  });

  test.each(schedulesOf(system))(
    "computes what the reference computes, as %s",
    { timeout: 120_000 },
    async (name) => {
      const seeded = { kind: "seeded", checkpoint: system.checkpoint } as const;
      const schedule = parseSchedule(name);
      const { emitted } = emitModel(checkedCase(system, reference), seeded, "unused.data", schedule);
      const model = await openModel({ bytes: emitted.model }, readManifest(emitted.model, system.case));
      const output = await model.run(
        seededInput(reference.input_name, reference.input_shape) as Float32Array<ArrayBuffer>,
      );
      await model.close();

      expect(model.manifest.outputs[0].shape).toEqual(reference.output_shape);
      expectAgreement(output, reference.output_shape, reference.output);
    },
  );
});

describe.each(counts)("$file with [$settings]", ({ file, network, settings, parameters, at }) => {
  const options = { settings, ...(network ? { network } : {}), ...(at ? { tile: at.tile } : {}) };
  const checked = () => checkNetwork(file, repositoryHost, options);

  test(`has ${parameters.toLocaleString("en")} parameters`, () => {
    expect(countParameters(checked().graph)).toBe(parameters);
  });

  if (!at) return;
  test("counts the reference's multiply-accumulates, and with its norms what fvcore counts", () => {
    const { graph } = checked();
    const macs = countCosts(graph, "macs", () => true);
    expect(macs).toBe(at.macs);
    const norms = countCosts(graph, "flops", (operation) => operation.endsWith("Norm"));
    const samples = graph.nodes
      .filter(({ operation }) => operation.name === "GridSample")
      .reduce(
        (total, { type }) => total + (concreteShape(type, graph.bindings) ?? []).reduce((a, b) => a * b, 1),
        0,
      );
    expect(macs + norms + 4 * samples).toBe(at.fvcore);
  });
});

function countParameters({ parameters }: Graph): number {
  return parameters
    .filter(({ buffer }) => !buffer)
    .reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
}

/** A cost of those of a graph's nodes whose operation is counted. */
function countCosts(
  { nodes, bindings }: Graph,
  what: "macs" | "flops",
  counted: (operation: string) => boolean,
): number {
  return nodes
    .filter(({ operation }) => counted(operation.name))
    .reduce((total, node) => total + (evaluateSize(node.operation.cost(node)[what], bindings) ?? NaN), 0);
}
