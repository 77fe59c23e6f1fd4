import fc from "fast-check";
import { expect, test } from "vitest";
import { type BarFigure, drawBars } from "../../src/reports/svg/bars.js";
import { textWidth } from "../../src/reports/svg/text.js";
import { checkMarkup } from "./markup.js";

const name = fc.string({ maxLength: 60 });
const figures: fc.Arbitrary<BarFigure> = fc
  .record({
    rows: fc.array(name, { minLength: 1, maxLength: 12 }),
    series: fc.array(name, { maxLength: 6 }).filter(({ length }) => length !== 1),
    panels: fc.integer({ min: 1, max: 3 }),
    title: name,
    subtitle: fc.array(fc.lorem({ maxCount: 40 }), { maxLength: 2 }),
  })
  .chain(({ rows, series, panels, title, subtitle }) => {
    const value = fc.option(fc.bigInt({ min: 0n, max: 10n ** 15n }), { nil: undefined });
    const row = fc.array(value, {
      minLength: Math.max(1, series.length),
      maxLength: Math.max(1, series.length),
    });
    const values = fc.array(row, { minLength: rows.length, maxLength: rows.length });
    return fc.array(values, { minLength: panels, maxLength: panels }).map((all) => ({
      title,
      subtitle,
      series,
      rows,
      panels: all.map((values, index) => ({ title: `panel ${index}`, values, show: String })),
    }));
  });

test("a figure is well-formed, its texts lie on the canvas, and its bars do not overlap", () => {
  fc.assert(
    fc.property(figures, (figure) => {
      const elements = checkMarkup(drawBars(figure));
      const { width, height } = numbers(elements[0]?.attributes);
      for (const { attributes, text } of elements.filter((each) => each.name === "text")) {
        const { x = 0, y = 0 } = numbers(attributes);
        const length = textWidth(text, Number(attributes["font-size"] ?? 12));
        const left = attributes["text-anchor"] === "end" ? x - length : x;
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left + length).toBeLessThanOrEqual((width as number) + 0.01);
        expect(y).toBeLessThanOrEqual(height as number);
      }
      const [, ...bars] = elements
        .filter((each) => each.name === "rect")
        .map((each) => numbers(each.attributes));
      bars.forEach((a, index) => {
        for (const b of bars.slice(index + 1)) expect(overlap(a, b)).toBe(false);
      });
    }),
    { numRuns: 60 },
  );
});

test("the length of a bar is proportional to its value", () => {
  const figure = {
    title: "t",
    subtitle: [],
    series: [],
    rows: ["a", "b", "c"],
    panels: [{ title: "p", values: [[1000n], [250n], [0n]], show: String }],
  };
  const [, ...bars] = checkMarkup(drawBars(figure)).filter(({ name }) => name === "rect");
  const lengths = bars.map(({ attributes }) => Number(attributes.width));
  expect((lengths[1] as number) / (lengths[0] as number)).toBeCloseTo(0.25, 2);
  expect(lengths[2]).toBe(0);
});

type Box = Readonly<Record<string, number>>;

function numbers(attributes: Readonly<Record<string, string>> = {}): Box {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, Number(value)]));
}

function overlap(a: Box, b: Box): boolean {
  const apart = (start: string, size: string) =>
    (a[start] as number) + (a[size] as number) <= (b[start] as number) + 0.01 ||
    (b[start] as number) + (b[size] as number) <= (a[start] as number) + 0.01;
  return !apart("x", "width") && !apart("y", "height");
}
