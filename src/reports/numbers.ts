/** `518,673,924,096`. */
export function exact(count: bigint | number): string {
  return separated(String(count));
}

function separated(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

const decimalUnits = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];

/** `518.67 G`, `6.48 M`; below ten thousand the number itself. Decimal units, as papers use them. */
export function short(count: bigint | number): string {
  if (Math.abs(Number(count)) < 10_000 && Number.isInteger(Number(count))) return exact(count);
  return withUnit(Number(count), decimalUnits);
}

/** `2.56 GB`, `100 bytes`; decimal units, as disks are sold. */
export function shortBytes(bytes: bigint | number): string {
  if (bytes === 1 || bytes === 1n) return "1 byte";
  if (Math.abs(Number(bytes)) < 1000) return `${bytes} bytes`;
  return `${withUnit(Number(bytes), decimalUnits)}B`;
}

function withUnit(value: number, units: readonly string[]): string {
  let scaled = value;
  let unit = 0;
  // 999,999 is 1.00 M and not 1000.00 k.
  while (Math.abs(scaled) >= 999.995 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return scaled >= 1e6 ? scaled.toExponential(2) : `${scaled.toFixed(2)} ${units[unit]}`;
}

/** `31.4 %` of a whole; nothing where there is no whole. */
export function share(part: bigint, whole: bigint): string {
  return whole === 0n ? "" : `${((100 * Number(part)) / Number(whole)).toFixed(1)} %`;
}

/**
 * `×0.421` of the first, `=` where they are equal, nothing where the first is 0: three digits, so that small shares show,
 * and as many more as it takes to tell a ratio from 1.
 */
export function ratio(value: bigint, first: bigint): string {
  if (value === first) return "=";
  if (first === 0n) return "";
  const quotient = Number(value) / Number(first);
  if (Math.abs(quotient - 1) >= 0.005) return `×${threeDigits(quotient)}`;
  const places = Math.min(12, Math.ceil(-Math.log10(Math.abs(quotient - 1) || 1e-12)) + 1);
  return `×${quotient.toFixed(places)}`;
}

/** `+1,024` or `-1,024`; `0` where nothing changes. */
export function signed(difference: bigint): string {
  return difference > 0n ? `+${exact(difference)}` : exact(difference);
}

/** `12.5 ms`. */
export function duration(seconds: number): string {
  if (seconds === 0) return "0 s";
  const [factor, unit] =
    seconds >= 1 ? [1, "s"] : seconds >= 1e-3 ? [1e3, "ms"] : seconds >= 1e-6 ? [1e6, "µs"] : [1e9, "ns"];
  return `${threeDigits(seconds * factor)} ${unit}`;
}

/** Three significant digits without an exponent, thousands separated: `0.0421`, `42.1`, `4,210`. */
export function threeDigits(value: number): string {
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))));
  const text = value.toFixed(Math.min(20, Math.max(0, 2 - magnitude)));
  const [whole = "", fraction] = text.split(".");
  return fraction === undefined ? separated(whole) : `${separated(whole)}.${fraction}`;
}

/** FLOPs for each byte: `31.4`. */
export function intensity(flops: bigint, bytes: bigint): string {
  return bytes === 0n ? "" : threeDigits(Number(flops) / Number(bytes));
}

/** `1 layer`, `2 layers`. */
export function counted(count: number | bigint, noun: string): string {
  return `${exact(count)} ${noun}${Number(count) === 1 ? "" : "s"}`;
}
