import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scaleOf } from "../../src/reports/svg/scale.js";
import { drawScatter, type ScatterPoint } from "../../src/reports/svg/scatter.js";
import { chartOf } from "../../src/reports/sweep/chart.js";
import { csvChunks, jsonChunks, type SweepRow } from "../../src/reports/sweep/files.js";
import { SweepPoints } from "../../src/reports/sweep/points.js";
import { checkMarkup } from "./markup.js";

const point = (x: number, y: number) => ({ x, y, values: [`${x}`, `${y}`] });

describe("the best trade-offs", () => {
  test("are the points to which no other is better in one quantity and not worse in the other", () => {
    const coordinate = fc.integer({ min: 1, max: 20 });
    const ends = fc.constantFrom("low" as const, "high" as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1 }), ends, ends, (pairs, x, y) => {
        const points = new SweepPoints({ x, y });
        for (const [a, b] of pairs) points.add(point(a, b));
        const gain = (end: string, from: number, to: number) => (end === "low" ? from - to : to - from);
        const isBeaten = ([a, b]: readonly number[]) =>
          pairs.some(([c, d]) => {
            const [one, other] = [gain(x, a as number, c), gain(y, b as number, d)];
            return one >= 0 && other >= 0 && one + other > 0;
          });
        const expected = new Set(pairs.filter((pair) => !isBeaten(pair)).map(String));
        expect(new Set(points.best.map((each) => `${each.x},${each.y}`))).toEqual(expected);
      }),
    );
  });

  test("stay right, and few points are kept, where there are very many", () => {
    const points = new SweepPoints({ x: "low", y: "low" });
    for (let index = 0; index < 60_000; index++) {
      const x = 1 + (index % 245);
      points.add(point(x * 1000, 1e6 / x + Math.floor(index / 245)));
    }
    expect(points.all.length).toBeLessThan(20_000);
    for (const best of points.best) expect(best.y).toBeCloseTo(1e9 / best.x, 6);
  });
});

test("variants that lie on one spot are named together", () => {
  const labelsOf = (folds: readonly string[]) => {
    const points = new SweepPoints({ x: "low", y: "low" });
    for (const fold of folds) {
      for (const width of ["16", "32"]) points.add({ x: Number(width), y: 1, values: [fold, width] });
    }
    const chart = { x: "macs", y: "parameters", better: { x: "low", y: "low" } } as const;
    const { points: shown } = chartOf(chart, points, { names: ["fold", "width"], subtitle: "" });
    return shown.map(({ label }) => label);
  };
  expect(labelsOf(["1/2"])).toEqual(["1/2", "1/2"]);
  expect(labelsOf(["1/2", "0"])).toEqual(["1/2, 0", "1/2, 0"]);
  expect(labelsOf(["1/2", "1/4", "1/8", "1/16", "0"])).toEqual(["1/2 to 0", "1/2 to 0"]);
  expect(labelsOf(Array.from({ length: 500 }, (_, index) => String(index)))[0]).toBe("0 to others");
});

test("scales hold all values between their ends, with ticks in order", () => {
  const value = fc.double({ min: 1e-3, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const scale = scaleOf(values);
      for (const each of values) {
        expect(scale.position(each)).toBeGreaterThan(0);
        expect(scale.position(each)).toBeLessThan(1);
      }
      expect(scale.ticks.length).toBeLessThan(40);
      const places = scale.ticks.map((tick) => scale.position(tick));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      for (const place of places) expect(place >= -1e-9 && place <= 1 + 1e-9).toBe(true);
    }),
    // Neighbouring numbers, and some that differ by little.
    { examples: [[[0.001, 0.0010000000000000002]], [[1e15, 1e15 + 1]], [[1, 1 + 2e-6]]] },
  );
});

test("a picture is well-formed, keeps its circles inside, and its labels apart", () => {
  const coordinate = fc.integer({ min: 1, max: 1_000_000 });
  const anyPoint = fc.record({ x: coordinate, y: coordinate, area: coordinate }).map(
    (each): ScatterPoint => ({
      ...each,
      label: `<variant & ${each.area}>`,
      series: each.x % 3,
      isBest: each.y % 2 === 0,
    }),
  );
  fc.assert(
    fc.property(fc.array(anyPoint, { minLength: 1, maxLength: 30 }), fc.boolean(), (points, hasArea) => {
      const axis = { title: "MACs", show: (value: number) => String(value) };
      const svg = drawScatter({
        title: "a & b",
        subtitle: ["settings"],
        x: axis,
        y: axis,
        points,
        series: ["one", "two", "three"],
        ...(hasArea ? { area: axis } : {}),
      });
      const elements = checkMarkup(svg);
      const labels = elements.filter(({ name, text }) => name === "text" && text.startsWith("<variant"));
      const boxes = labels.map(({ attributes }) => ({ x: Number(attributes.x), y: Number(attributes.y) }));
      for (const [index, a] of boxes.entries()) {
        for (const b of boxes.slice(index + 1)) {
          expect(Math.abs(a.y - b.y) >= 13 || Math.abs(a.x - b.x) > 60).toBe(true);
        }
      }
      const [, height = ""] = /viewBox="0 0 800 ([\d.]+)"/.exec(svg) ?? [];
      for (const { name, attributes } of elements) {
        if (name !== "circle") continue;
        expect(Number(attributes.cx)).toBeGreaterThan(0);
        expect(Number(attributes.cx)).toBeLessThan(800);
        expect(Number(attributes.cy)).toBeLessThan(Number(height));
      }
    }),
    { numRuns: 60 },
  );
});

test("rows become CSV and JSON with whole numbers in full, in pieces", () => {
  const rows: SweepRow[] = Array.from({ length: 5000 }, (_, index) => {
    return { values: [`[${index},1]`], numbers: [2n ** 60n + BigInt(index), index === 0 ? undefined : 0.5] };
  });
  const text = (chunks: Iterable<Uint8Array>) => {
    const all = [...chunks];
    expect(all.length).toBeGreaterThan(1);
    return all.map((chunk) => new TextDecoder().decode(chunk)).join("");
  };
  const csv = text(csvChunks(rows, ["width"], ["macs", "dice"])).split("\n");
  expect(csv.slice(0, 3)).toEqual([
    "width,macs,dice",
    '"[0,1]",1152921504606846976,',
    '"[1,1]",1152921504606846977,0.5',
  ]);
  expect(csv).toHaveLength(5002);
  const json = text(jsonChunks(rows, ["width"], ["macs", "dice"]));
  expect(json).toContain('"macs": 1152921504606846977');
  expect(JSON.parse(json)).toHaveLength(5000);
  expect(JSON.parse(json)[1]).toMatchObject({ settings: { width: "[1,1]" }, dice: 0.5 });
});
