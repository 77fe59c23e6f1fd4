// What is measured on a device comes to, and how it is shown.
import { median } from "../result.mjs";
import { table } from "../table.mjs";

/** What times are relative to unless told otherwise, where it takes part. */
export const usualRival = "torch:cuda:autocast";

/**
 * Figures of each contender of a case. Ratios are to `against`, from the same rounds; where that did not run, to the
 * first one that did.
 *
 * @param work `macs` and `bytes` (in float32) of a pass, as `slab report` counts them
 * @param rates of the CPU and of the card, in FLOP/s by precision and bytes per second of a copy; those that are known
 */
export function evaluate(measured, work, rates, against) {
  const ran = measured.filter(({ failure }) => failure === undefined);
  const rival = ran.find(({ name }) => name === against) ?? ran[0];
  return measured.map((one) => {
    if (one.failure !== undefined) return { name: one.name, failure: one.failure };
    const seconds = one.rounds.flat();
    const time = median(seconds);
    const rate = rates[one.on];
    const share = (amount, most) => (most ? amount / time / most : undefined);
    const bytes = one.precision === "float16" ? work.bytes / 2 : work.bytes;
    return {
      name: one.name,
      milliseconds: 1000 * time,
      fastest: 1000 * Math.min(...seconds),
      slowest: 1000 * Math.max(...seconds),
      ratio: median(one.rounds.map((round, index) => median(round) / median(rival.rounds[index]))),
      relativeTo: rival.name,
      peakBytes: one.peak,
      shareOfProducts: share(2 * work.macs, rate?.[one.precision]),
      shareOfCopies: share(bytes, rate?.copy),
      deviation: one.deviation,
      agreement: one.agreement,
    };
  });
}

/** The share of the voxels whose labels are the same. */
export function agreement(found, expected) {
  if (found.length !== expected.length) return Number.NaN;
  let same = 0;
  for (let index = 0; index < expected.length; index++) if (found[index] === expected[index]) same++;
  return same / expected.length;
}

const headings = [
  "contender",
  "time",
  "median",
  "fastest to slowest",
  "card's memory",
  "of matrix rate",
  "of copy rate",
  "deviation",
  "same labels",
];

function cells(row) {
  if (row.failure !== undefined) return [row.name, `failed: ${row.failure.replaceAll("|", "/")}`];
  const known = (value, show) => (value === undefined ? "-" : show(value));
  const percent = (value) => `${(100 * value).toFixed(0)} %`;
  return [
    row.name,
    row.ratio.toFixed(2),
    `${row.milliseconds.toFixed(1)} ms`,
    `${row.fastest.toFixed(1)} to ${row.slowest.toFixed(1)} ms`,
    known(row.peakBytes, (bytes) => `${(bytes / 1e9).toFixed(2)} GB`),
    known(row.shareOfProducts, percent),
    known(row.shareOfCopies, percent),
    Number.isNaN(row.deviation) ? "NaN" : row.deviation.toExponential(1),
    `${(100 * row.agreement).toFixed(3)} %`,
  ];
}

/** What the figures of a run are of; `card` is what nvidia-smi says of it, not the number that `options` asks for. */
export function settingOf(options, card, versions, rates) {
  return {
    ...options,
    date: new Date().toISOString().slice(0, 10),
    card: card && { name: card.name, driver: card.driver },
    versions,
    rates,
  };
}

/** That as text. */
export function showSetting({ date, card, versions, rates, rounds, repeats }) {
  const lines = [
    `${date}, ${card ? `${card.name}, driver ${card.driver}` : "no NVIDIA card"}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  ];
  for (const [device, rate] of Object.entries(rates)) {
    const products = ["float32", "tf32", "float16"].filter((precision) => rate[precision]);
    const shown = products.map((precision) => `${precision} ${(rate[precision] / 1e12).toPrecision(3)}`);
    const copy = `copies ${(rate.copy / 1e9).toFixed(0)} GB/s`;
    lines.push(`rates of the ${device}: products ${shown.join(", ")} TFLOP/s, ${copy}`);
  }
  lines.push(
    `a pass: from the volume in memory to its labels in memory; ${rounds} rounds of ${repeats} passes`,
  );
  return lines.join("\n");
}

export function showCase(format, { network, tile, macs, contenders, leftOut }) {
  const first = contenders.find(({ failure }) => failure === undefined);
  const sentences = [`${network} ${tile}: ${(macs / 1e9).toFixed(1)} GMACs.`];
  if (first) sentences.push(`Time is relative to ${first.relativeTo}.`);
  sentences.push("Scores and labels are compared with those of float32 on the CPU.");
  const parts = [sentences.join(" "), table(format, headings, contenders.map(cells))];
  if (leftOut.length > 0) parts.push(leftOut.map(showLeftOut).join("\n"));
  return parts.join("\n\n");
}

export function showLeftOut({ names, reason }) {
  return `left out ${names.join(", ")}: ${reason}`;
}
