import { describe, expect, test } from "vitest";
import { composeViews, viewLayout, viewSteps } from "../../../src/compiler/graph/view-layout.js";

const layout = (parts: readonly (readonly number[])[], output: readonly (readonly number[])[]) =>
  viewLayout({ parts, output });

describe("layouts of views", () => {
  test("leave out parts of size 1 and cuts between parts that stay together", () => {
    expect(layout([[2, 1, 3], [1]], [[0, 2], [3]])).toEqual({ parts: [[6], []], output: [[0], []] });
    expect(layout([[2, 3, 4]], [[1, 2], [0]])).toEqual({ parts: [[2, 12]], output: [[1], [0]] });
    expect(layout([[2, 3]], [[1], [0]])).toEqual({ parts: [[2, 3]], output: [[1], [0]] });
    expect(layout([[2], [3]], [[0, 1]])).toEqual({ parts: [[2], [3]], output: [[0, 1]] });
  });

  test("that leave elements out are no views", () => {
    expect(() => layout([[2, 3]], [[0]])).toThrow("leaves elements out");
  });

  test("compose where their parts line up", () => {
    const split = layout([[2, 6]], [[0], [1]]);
    const deeper = layout([[2], [2, 3]], [[2], [1], [0]]);
    expect(composeViews(split, deeper)).toEqual({ parts: [[2, 2, 3]], output: [[2], [1], [0]] });
    const merge = layout([[2], [6]], [[0, 1]]);
    expect(composeViews(split, merge)).toEqual({ parts: [[12]], output: [[0]] });
    const turned = layout([[2], [6]], [[1, 0]]);
    expect(composeViews(split, turned)).toEqual({ parts: [[2, 6]], output: [[1, 0]] });
  });

  test("do not compose where they cross", () => {
    const turned = layout([[2, 3]], [[1, 0]]);
    expect(composeViews(turned, layout([[2, 3]], [[1, 0]]))).toBeUndefined();
    expect(composeViews(turned, layout([[3, 2]], [[1, 0]]))).toEqual({ parts: [[6]], output: [[0]] });
  });

  test("are made in as few steps as they need", () => {
    expect(viewSteps(layout([[6]], [[0]]), [6], [6])).toEqual({});
    expect(viewSteps(layout([[2, 3]], [[0], [1]]), [6], [2, 3])).toEqual({ shape: [2, 3] });
    expect(viewSteps(layout([[2], [3]], [[1], [0]]), [2, 3], [3, 2])).toEqual({ order: [1, 0] });
    expect(viewSteps(layout([[1], [2], [3]], [[2], [0], [1]]), [1, 2, 3], [3, 1, 2])).toEqual({
      order: [2, 0, 1],
    });
    expect(viewSteps(layout([[2], [3]], [[1, 0]]), [2, 3], [6])).toEqual({ order: [1, 0], shape: [6] });
    expect(viewSteps(layout([[2, 3]], [[1], [0]]), [6], [3, 2])).toEqual({ parted: [2, 3], order: [1, 0] });
  });
});
