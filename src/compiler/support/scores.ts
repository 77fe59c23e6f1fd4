/** Of a network's outputs the one that is segmented, scores or labels: the one called `logits`, else the first. */
export function scoresOf<T extends { readonly name: string }>(outputs: readonly [T, ...T[]]): T;
export function scoresOf<T extends { readonly name: string }>(outputs: readonly T[]): T | undefined;
export function scoresOf<T extends { readonly name: string }>(outputs: readonly T[]): T | undefined {
  return outputs.find(({ name }) => name === "logits") ?? outputs[0];
}
