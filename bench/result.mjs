// What the passes come to, and how it is shown.
import { table } from "./table.mjs";

/** Figures of each contender; ratios are to the first one, from passes of the same round. */
export function evaluate(contenders, rate, macs) {
  const [first] = contenders;
  return contenders.map((one) => {
    const ratios = one.passes.map(({ seconds }, round) => seconds / first.passes[round].seconds);
    const seconds = one.passes.map((pass) => pass.seconds);
    // The rate was measured in every round, beside the pass.
    const shares = seconds.map((time, round) => (2 * macs) / time / rate[round]);
    return {
      name: one.name,
      median: median(seconds),
      fastest: Math.min(...seconds),
      slowest: Math.max(...seconds),
      ratio: median(ratios),
      flopsPerSecond: (2 * macs) / median(seconds),
      shareOfRate: median(shares),
      peakBytes: Math.max(...one.passes.map(({ peak }) => peak)),
      memoryRatio: 0,
      deviation: deviation(one.passes[0].samples, first.passes[0].samples),
      ...(one.seconds === undefined ? {} : { preparation: one.seconds }),
    };
  });
}

export function withMemoryRatios(rows) {
  return rows.map((row) => ({ ...row, memoryRatio: row.peakBytes / rows[0].peakBytes }));
}

/** The greatest absolute deviation. NaN is the greatest of all, and so is another number of them. */
export function deviation(found, expected) {
  if (found.length !== expected.length) return Number.NaN;
  let most = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(found[index] - expected[index]);
    if (Number.isNaN(difference)) return difference;
    if (difference > most) most = difference;
  }
  return most;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const headings = [
  "contender",
  "time",
  "median",
  "fastest to slowest",
  "GFLOP/s",
  "of matrix product",
  "memory",
  "peak",
  "compile or export",
  "deviation",
];

function cells(row) {
  return [
    row.name,
    row.ratio.toFixed(2),
    `${row.median.toFixed(2)} s`,
    `${row.fastest.toFixed(2)} to ${row.slowest.toFixed(2)} s`,
    (row.flopsPerSecond / 1e9).toFixed(0),
    `${(100 * row.shareOfRate).toFixed(0)} %`,
    row.memoryRatio.toFixed(2),
    `${(row.peakBytes / 1e9).toFixed(2)} GB`,
    row.preparation === undefined ? "-" : `${row.preparation.toFixed(2)} s`,
    row.deviation.toExponential(1),
  ];
}

export function show(format, summary) {
  if (format === "json") return JSON.stringify(summary, null, 2);
  return `${about(summary)}\n\n${table(format, headings, summary.contenders.map(cells))}`;
}

function about({ network, tile, threads, repeats, macs, matrixProduct, contenders }) {
  const work = `${(macs / 1e9).toFixed(1)} GMACs, ${threads} threads, ${repeats} rounds`;
  const product = `matrix product ${(matrixProduct / 1e9).toFixed(0)} GFLOP/s`;
  return `${network} ${tile}: ${work}, ${product}. Time and memory are relative to ${contenders[0].name}.`;
}
