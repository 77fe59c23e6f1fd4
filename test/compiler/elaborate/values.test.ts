import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOperator } from "../../../src/compiler/elaborate/operators.js";
import { ratio, showValue } from "../../../src/compiler/elaborate/values.js";
import { noBindings } from "../../../src/compiler/graph/size.js";
import type { BinaryOperator } from "../../../src/compiler/syntax/ast.js";
import { check, network, paths } from "./programs.js";

const span = { file: { path: "test.slab", text: "" }, start: 0, end: 0 };

/** What a compile-time expression comes to, as the language writes it. */
function shownValue(expression: string, before = ""): string {
  const text = network(`  require false, "{${expression}}"\n  output logits = volume`, "", before);
  try {
    check(text);
  } catch (failure) {
    return (failure as { diagnostics: { title: string }[] }).diagnostics.map(({ title }) => title).join("; ");
  }
  throw new Error("the requirement holds");
}

describe("a size that goes through a view", () => {
  // Slices along y: the volume's x, y, z are read as y, z, x.
  const view = "view turned { s: y, h: z, w: x }";

  test.each([
    ["1x2x3 -> turned", "2x3x1"],
    ["2x3x1 -> undo turned", "1x2x3"],
    ["2 -> turned", "2"],
    ["(1x2x3 -> turned) == 2x3x1", "true"],
  ])("%s is %s", (expression, shown) => {
    expect(shownValue(expression, view)).toBe(shown);
  });
});

describe("compile-time values", () => {
  test.each([
    ["1/3 + 1/6", "1/2"],
    ["1/4 * 4", "1"],
    ["(1/2) / (1/4)", "2"],
    ["7 / 2", "7/2"],
    ["-7 % 3", "2"],
    ["7 % -3", "-2"],
    ["-6 % 3", "0"],
    ["9007199254740988 % 9007199254740991", "9007199254740988"],
    ["floor(-6/4)", "-2"],
    ["2 - 1/2", "3/2"],
    ["1/2 + 0.25", "0.75"],
    ["[1, 2] + [3]", "[1, 2, 3]"],
    ["len([i * i for i in 3..1])", "3"],
    ["[i * i for i in 3..1]", "[9, 4, 1]"],
    ["max(1, 7/2, 3)", "7/2"],
    ["sqrt(9/4)", "1.5"],
    ["sqrt(2) * sqrt(2)", "2.0000000000000004"],
    ["min([4, 2, 3])", "2"],
    ["sum([1, 2, 3])", "6"],
    ["if 1/2 < 0.6 and not false then 1x3x3 else 3", "1x3x3"],
    ["1 == 2/2", "true"],
    ["[1, 2] == [1, 3]", "false"],
    ["1x1x1 == 1", "true"],
    ["1 != 1x2x1", "true"],
  ])("%s is %s", (expression, expected) => {
    expect(shownValue(expression)).toBe(expected);
  });

  test.each(["5.5 % 2", "7 % 2.0", "5.0 % 0.0", "1/2 % 3"])("%s is refused: that is for integers", (text) => {
    expect(shownValue(text)).toMatch(/^% /);
  });

  test("constants and functions see the names of their own file", () => {
    const before = "const two = 2\nfn halve(n: int, by: int = two) = n / by\n";
    expect(shownValue("halve(3)", before)).toBe("3/2");
    expect(shownValue("halve(by: 4, n: 2)", before)).toBe("1/2");
  });

  test("ratios are exact, whatever is computed with them", () => {
    const fraction = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }));
    const operator = fc.constantFrom<BinaryOperator>("+", "-", "*");
    fc.assert(
      fc.property(fraction, fraction, operator, ([a, b], [c, d], operator) => {
        const operands = { left: ratio(a, b), right: ratio(c, d), span, bindings: noBindings };
        const exact =
          operator === "*"
            ? ratio(a * c, b * d)
            : ratio(operator === "+" ? a * d + c * b : a * d - c * b, b * d);
        expect(showValue(applyOperator({ operator, ...operands }))).toBe(showValue(exact));
      }),
    );
  });

  test("what is not chosen is not evaluated", () => {
    const body =
      "  skip = if volume.c == 1 then volume else volume -> conv: Conv(1 / 0, 3)\n  output logits = skip + volume";
    expect(paths(check(network(body)))).toEqual([]);
    expect(shownValue("false and 1/0 == 1")).toBe("false");
    expect(shownValue("true or 1/0 == 1")).toBe("true");
  });

  test("a definition that no output needs is left out of the network, with a warning", () => {
    const { graph, warnings } = check(
      network("  spare = volume -> conv: Conv(2, 3)\n  output logits = volume -> head: Conv(2, 1)"),
    );
    expect(graph.parameters.map(({ path }) => path)).toEqual(["head.weight"]);
    expect(warnings.map(({ title }) => title)).toEqual(["spare is never used"]);
  });

  test("a definition that other settings need is no mistake", () => {
    const text = network(
      "  spare = volume -> conv: Conv(2, 3)\n  output logits = if deep then spare else volume -> head: Conv(2, 1)",
      "(deep: bool = false)",
    );
    expect(check(text).warnings).toEqual([]);
    expect(check(text, { settings: ["deep=true"] }).warnings).toEqual([]);
  });

  test("a definition that no output needs is still checked", () => {
    const body = "  spare = volume -> conv: Conv(0, 3)\n  output logits = volume -> head: Conv(2, 1)";
    expect(() => check(network(body))).toThrow(/out cannot be 0/);
  });

  test("settings replace defaults, and later defaults see them", () => {
    const parameters = "(width: [int] = [8, 16], classes: int = len(width))";
    const text = network("  output logits = volume -> head: Conv(classes, 1)", parameters);
    expect(check(text, { settings: ["width=[1, 2, 3]"] }).graph.settings).toEqual({
      width: "[1, 2, 3]",
      classes: "3",
    });
  });
});
