import type { ConventionCount, ConventionName } from "../analysis.js";
import type { CountedNode } from "../nodes.js";
import type { Convention } from "./convention.js";
import { fvcore } from "./fvcore.js";
import { ptflops } from "./ptflops.js";
import { torch } from "./torch.js";

export const conventions: Readonly<Record<ConventionName, Convention>> = { fvcore, ptflops, torch };

/** A network counted by a convention. */
export function countByConvention(nodes: readonly CountedNode[], convention: Convention): ConventionCount {
  const { name, tool, unit, rule } = convention;
  const value = nodes.reduce((sum, node) => sum + conventionCount(node, convention), 0n);
  return { name, tool, unit, rule, value };
}

/** What a node counts by a convention. */
export function conventionCount(counted: CountedNode, convention: Convention): bigint {
  const { macs = 0, output = 0, input = 0, constant = 0 } = convention.share(counted.node);
  return (
    BigInt(macs) * counted.macs +
    BigInt(output) * counted.outputElements +
    BigInt(input) * counted.inputElements +
    BigInt(constant)
  );
}

/** What a node counts by every convention. */
export function conventionCounts(counted: CountedNode): Readonly<Record<ConventionName, bigint>> {
  return {
    fvcore: conventionCount(counted, fvcore),
    ptflops: conventionCount(counted, ptflops),
    torch: conventionCount(counted, torch),
  };
}
