import {
  emptyBudget,
  malformedLimit,
  unknownQuantity,
  unknownUnit,
} from "../diagnostics/catalogue/analysis.js";
import { fail } from "../diagnostics/diagnostic.js";
import { suggestions } from "../support/suggest.js";
import type { BudgetLimit, BudgetVerdict, QuantityName } from "./analysis.js";
import { type Quantity, quantities } from "./quantities.js";

/** Names that other tools use. */
const otherNames: ReadonlyMap<string, QuantityName> = new Map([
  ["params", "parameters"],
  ["gmacs", "macs"],
  ["memory", "peak"],
  ["peak_bytes", "peak"],
]);

const decimal: readonly (readonly [string, bigint])[] = ["", "k", "M", "G", "T", "P", "E"].map(
  (prefix, power) => [prefix, 1000n ** BigInt(power)],
);
const binary: readonly (readonly [string, bigint])[] = ["Ki", "Mi", "Gi", "Ti", "Pi"].map((prefix, power) => [
  `${prefix}B`,
  1024n ** BigInt(power + 1),
]);
const countUnits = new Map(decimal);
const byteUnits = new Map([...decimal.map(([prefix, size]) => [`${prefix}B`, size] as const), ...binary]);

/** Reads `macs<600G,peak<8GB,parameters<=7M`. Fails with SLAB7001 to SLAB7004. */
export function parseBudget(text: string): readonly BudgetLimit[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.every((part) => part === "")) fail(emptyBudget, { found: text.trim() });
  return parts.map(parseLimit);
}

function parseLimit(text: string): BudgetLimit {
  const parts = /^([^<>=≤≥]*)([<>=≤≥]+)(.*)$/u.exec(text);
  if (!parts) refuseLimit(text, "this is not a limit");
  const [, name = "", comparison = "", amount = ""] = parts;
  if (!["<", "<=", "≤"].includes(comparison)) refuseLimit(text, "a budget limits from above, with < or <=");
  const quantity = quantityOf(name.trim());
  const value = /^(\d[\d_]*)(?:\.(\d+))?(?:[eE](\d{1,2}))?\s*([a-zA-Z]*)$/.exec(amount.trim());
  if (!value) refuseLimit(text, `"${amount.trim()}" is not a number with a unit`);
  const [, whole = "", fraction = "", exponent = "0", unit = ""] = value;
  const digits = BigInt(whole.replaceAll("_", "") + fraction);
  const scaled = digits * 10n ** BigInt(exponent) * unitOf(text, quantity, unit);
  const divisor = 10n ** BigInt(fraction.length);
  // Counts are whole: less than 1.5 is less than 2, at most 1.5 is at most 1.
  const isStrict = comparison === "<";
  const limit = isStrict ? (scaled + divisor - 1n) / divisor : scaled / divisor;
  return { text, quantity: quantity.name, comparison: isStrict ? "<" : "<=", limit };
}

function refuseLimit(found: string, reason: string): never {
  fail(malformedLimit, { found: found === "" ? "nothing" : found, reason, example: "macs<600G, peak<8GB" });
}

function quantityOf(name: string): Quantity {
  const found = quantities.find((quantity) => quantity.name === name);
  if (found) return found;
  const known = quantities.map((quantity) => quantity.name);
  const suggestion = otherNames.get(name.toLowerCase()) ?? suggestions(name, known)[0];
  return fail(unknownQuantity, { found: name, known, ...(suggestion ? { suggestion } : {}) });
}

function unitOf(limit: string, { name, unit: kind }: Quantity, found: string): bigint {
  const units = kind === "bytes" ? byteUnits : countUnits;
  const size = units.get(found) ?? (found === "" ? 1n : undefined);
  if (size !== undefined) return size;
  const known = [...units.keys()].filter((unit) => unit !== "");
  const lower = found.toLowerCase();
  // `GB` for a count and `G` for bytes are the likely slips, and `K` or `gb` for the way they are written.
  const suggestion = known.find((unit) =>
    [lower, `${lower}b`, lower.replace(/i?b$/, ""), lower.replace(/(mac|flop|param)s?$/, "")].includes(
      unit.toLowerCase(),
    ),
  );
  const args = { limit, found, quantity: name, units: known, ...(suggestion ? { suggestion } : {}) };
  return fail(unknownUnit, args);
}

/** Compares limits with what a network has. */
export function judgeBudget(
  limits: readonly BudgetLimit[],
  quantityOf: (name: QuantityName) => bigint,
): readonly BudgetVerdict[] {
  return limits.map((limit) => {
    const found = quantityOf(limit.quantity);
    const kept = limit.comparison === "<" ? found < limit.limit : found <= limit.limit;
    return { ...limit, found, kept, excess: kept ? 0n : found - limit.limit };
  });
}
