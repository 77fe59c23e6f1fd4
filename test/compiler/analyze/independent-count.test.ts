import fc from "fast-check";
import { expect, test } from "vitest";
import {
  analyze,
  type CheckedNetwork,
  concreteShape,
  emitModel,
  evaluateFormula,
  formulas,
  measure,
  type NetworkOptions,
  openAxes,
  SlabFailure,
} from "../../../src/compiler/index.js";
import { check } from "../elaborate/programs.js";
import { countOnnx } from "./onnx-counts.js";
import { programs, programText } from "./random-programs.js";

const open = "n, c: 4, x, y, z";
const sizes = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 3, max: 14 })));

/** Checks a program that may be too small for its kernels; such ones are left out. */
function checked(text: string, options: NetworkOptions = {}): CheckedNetwork {
  try {
    return check(text, options);
  } catch (failure) {
    if (!(failure instanceof SlabFailure)) throw failure;
    fc.pre(false);
    throw failure;
  }
}

test("counts equal those of a walk through the emitted ONNX file", () => {
  fc.assert(
    fc.property(programs(), sizes, fc.integer({ min: 1, max: 3 }), (body, tile, batch) => {
      const network = checked(programText(body, open), { tile, batch });
      const { model } = emitModel(network, { kind: "seeded" }, "weights").emitted;
      const found = countOnnx(model);
      const { outputs, ...counts } = found;
      const counted = measure(network, ["macs", "flops", "parameters", "buffers"]);
      expect(Object.fromEntries(counted)).toEqual(counts);
      const { graph } = network;
      expect(outputs).toEqual({
        result: graph.outputs[0] && concreteShape(graph.outputs[0].value.type, graph.bindings),
      });
    }),
    { numRuns: 150 },
  );
});

test("sizes that are bound early or late give the same counts", () => {
  fc.assert(
    fc.property(programs(), sizes, fc.integer({ min: 1, max: 3 }), (body, tile, batch) => {
      const [x, y, z] = tile;
      const late = analyze(checked(programText(body, open), { tile, batch }));
      const early = analyze(checked(programText(body, `n: ${batch}, c: 4, x: ${x}, y: ${y}, z: ${z}`)));
      const partly = analyze(
        checked(programText(body, `n, c: 4, x: ${x}, y, z: ${z}`), { tile: [y as number], batch }),
      );
      const spanless = ({ layers, ...others }: typeof late) => ({
        ...others,
        layers: layers.map(({ span, ...layer }) => layer),
      });
      expect(spanless(early)).toEqual(spanless(late));
      expect(spanless(partly)).toEqual(spanless(late));
    }),
    { numRuns: 50 },
  );
});

test("formulas give the counts of sizes that are as divisible as they say", () => {
  fc.assert(
    fc.property(
      programs({ steps: 5 }),
      fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 4 }))),
      fc.integer({ min: 1, max: 3 }),
      (body, multiples, batch) => {
        const network = checked(programText(body, open));
        expect(openAxes(network)).toEqual(["n", "x", "y", "z"]);
        const found = formulas(network);
        const divisor = new Map(found.divisibility.map(({ axis, divisor }) => [axis, divisor]));
        const tile = ["x", "y", "z"].map(
          (axis, index) => (divisor.get(axis) ?? 1) * (multiples[index] as number),
        );
        fc.pre(found.conditions.length === 0 && tile.every((size) => size < 500));
        const [x = 0, y = 0, z = 0] = tile;
        const bound = checked(programText(body, open), { tile, batch });
        // Turning an axis of one element moves nothing, which the formula of bytes does not know.
        const isThin = bound.graph.nodes.some(({ type }) =>
          concreteShape(type, bound.graph.bindings)?.slice(2).includes(1),
        );
        const exact = found.formulas.filter(({ name }) => name !== "bytes" || !isThin);
        const counts = measure(
          bound,
          exact.map(({ name }) => name),
        );
        for (const formula of exact) {
          expect(evaluateFormula(formula, { n: batch, x, y, z }), formula.name).toBe(
            counts.get(formula.name),
          );
        }
      },
    ),
    { numRuns: 100 },
  );
});
