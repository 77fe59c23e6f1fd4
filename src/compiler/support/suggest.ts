/** The number of single-character edits (insert, delete, replace, swap of neighbours) between two words. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, (previous[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforePrevious[j - 2] as number) + 1);
      }
      row.push(best);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] as number;
}

/** Candidates close enough to be a typo of `word`, nearest first, at most `limit`. */
export function suggestions(word: string, candidates: Iterable<string>, limit = 1): string[] {
  const tolerance = Math.max(1, Math.floor(word.length * 0.4));
  return (
    [...new Set(candidates)]
      .map((candidate) => ({
        candidate,
        distance:
          candidate.toLowerCase() === word.toLowerCase()
            ? 0
            : editDistance(word.toLowerCase(), candidate.toLowerCase()),
      }))
      // Of two names of one letter, neither is a slip for the other.
      .filter(
        ({ candidate, distance }) =>
          distance <= tolerance && distance < Math.max(word.length, candidate.length),
      )
      .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
      .slice(0, limit)
      .map(({ candidate }) => candidate)
  );
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[], conjunction = "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}
