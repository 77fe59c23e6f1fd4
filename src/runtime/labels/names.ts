import type { Colour } from "../picture/colours.js";

/** What a label is called, and the colour that its file gives it. */
export interface LabelName {
  readonly name: string;
  readonly colour?: Colour;
}

/** By label. */
export type LabelNames = ReadonlyMap<number, LabelName>;

export const noNames: LabelNames = new Map();

/** Names from several sources, the first that knows a label deciding. */
export function joinNames(...sources: readonly LabelNames[]): LabelNames {
  return new Map([...sources].reverse().flatMap((names) => [...names]));
}

/** A name from a file, safe to print: without control characters, and not endless. */
export function cleanName(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, " ").trim();
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean;
}
