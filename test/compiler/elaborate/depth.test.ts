import { expect, test } from "vitest";
import { SlabFailure } from "../../../src/compiler/index.js";
import { check, network } from "./programs.js";

const before = `
layer Both(block: layer = ReLU, list: [tensor] = []) {
  output input -> block
  output other = input
  output each[i] = input  for i in 1..2
}
`;

// However a recurrence waits, the answer is a message: never the end of the stack.
test.each([
  "sum([x for x in [a[i-1]]])",
  "volume -> Both(list: [x for x in [a[i-1]]])",
  "volume -> Both(block: Both(block: Both(list: [a[i-1]])))",
  "(a[i-1] -> Both).other",
  "(a[i-1] -> Both).each[a[i-1].rank - 4]",
  'volume -> Conv(1, 1, padding: if "{a[i-1].c}" == "1" then 0 else 1)',
])("a recurrence of %s that goes too deep is refused", (step) => {
  const body = `  a[0] = volume\n  a[i] = ${step}  for i in 1..9999\n  output logits = a[9999]`;
  const codes = () => {
    try {
      check(network(body, "", before));
    } catch (failure) {
      if (failure instanceof SlabFailure) return failure.diagnostics.map(({ code }) => code);
      throw failure;
    }
    return [];
  };
  expect(codes()).toEqual(["SLAB2216"]);
});

test("a recurrence of hundreds of layers is not too deep", () => {
  const body = "  a[0] = volume\n  a[i] = a[i-1] -> Both  for i in 1..300\n  output logits = a[300]";
  expect(check(network(body, "", before)).graph.nodes).toHaveLength(300);
});
