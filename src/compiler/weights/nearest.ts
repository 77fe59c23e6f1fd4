import type { Misshapen, ShownTensor } from "../diagnostics/catalogue/weights.js";
import { editDistance, suggestions } from "../support/suggest.js";

/** Only the first few are shown, so only those are searched for. */
const shown = 5;
/** Bounds on the work that a hostile file can cause. */
const candidateLimit = 2000;
const nameLimit = 200;

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * For each of the first few tensors the candidate it may be meant to be, or undefined. First those of the same shape:
 * the same last word (`weight`, `bias`), then the name that takes the fewest edits, then the earlier. Where no shape is
 * the same, a name that is close enough to be a typo. A candidate is proposed once as long as there are others.
 */
export function nearestTensors(
  tensors: readonly ShownTensor[],
  candidates: readonly ShownTensor[],
): (ShownTensor | undefined)[] {
  const searched = candidates.slice(0, candidateLimit).filter(({ name }) => name.length <= nameLimit);
  const taken = new Set<ShownTensor>();
  return tensors.slice(0, shown).map((tensor) => {
    const name = tensor.name.slice(0, nameLimit);
    const sameShape = searched
      .filter(({ shape }) => shape.join() === tensor.shape.join())
      .map((candidate) => ({
        candidate,
        rank:
          (taken.has(candidate) ? 2 * 2 * nameLimit : 0) +
          (lastWord(candidate.name) === lastWord(name) ? 0 : 2 * nameLimit) +
          editDistance(name, candidate.name),
      }))
      .sort((a, b) => a.rank - b.rank);
    const best = sameShape[0]?.candidate;
    if (best) {
      taken.add(best);
      return best;
    }
    const [close] = suggestions(
      name,
      searched.map((candidate) => candidate.name),
    );
    return searched.find((candidate) => candidate.name === close);
  });
}

/** The axes on which two shapes of the same rank differ, as pairs of sizes. */
function differences({ file, network }: Misshapen): { file: number; network: number }[] {
  return file.flatMap((size, axis) =>
    size === network[axis] ? [] : [{ file: size, network: network[axis] as number }],
  );
}

/** One sentence that explains every misshapen tensor, or undefined where there is none. */
export function explainShapes(misshapen: readonly Misshapen[]): string | undefined {
  if (misshapen.some(({ file, network }) => file.length !== network.length)) return undefined;
  const all = misshapen.flatMap(differences);
  const [first] = all;
  if (!first) return undefined;
  if (all.every(({ file, network }) => file === first.file && network === first.network)) {
    return `the file's tensors have ${first.file} where the network has ${first.network}`;
  }
  if (all.every(({ file, network }) => file * first.network === first.file * network && network > 0)) {
    const ratio = first.file / first.network;
    if (Number.isInteger(ratio)) return `every size that differs is ${ratio} times the network's`;
    if (Number.isInteger(1 / ratio)) return `every size that differs is 1/${1 / ratio} of the network's`;
  }
  return undefined;
}
