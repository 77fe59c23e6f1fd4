import { type BudgetVerdict, type QuantityName, quantities } from "../compiler/index.js";
import type { Fact } from "./document.js";
import { exact, share, short, shortBytes } from "./numbers.js";

/** A quantity in short: `8.00 GB` of bytes, `518.67 G` of all else. */
export function showQuantity(name: QuantityName, value: bigint): string {
  return quantities.find((each) => each.name === name)?.unit === "bytes" ? shortBytes(value) : short(value);
}

/** A limit with what was found: `macs<600G  518,673,924,096  518.67 G  kept`. */
export function budgetFact({ text, quantity, found, kept, excess, limit }: BudgetVerdict, prefix = ""): Fact {
  const over = `EXCEEDED by ${exact(excess)} (${showQuantity(quantity, excess)}), ${share(excess, limit)} of the limit`;
  return {
    name: prefix + text,
    exact: exact(found),
    short: showQuantity(quantity, found),
    text: kept ? "kept" : over,
  };
}
