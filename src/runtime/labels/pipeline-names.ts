import type { PipelineLabel } from "../../compiler/support/pipeline.js";
import { cleanName, type LabelName, type LabelNames } from "./names.js";

/** What a pipeline calls its labels, and the colours that it gives them. */
export function pipelineNames(labels: readonly PipelineLabel[]): LabelNames {
  return new Map(
    labels.map(({ name, colour }, label): [number, LabelName] => {
      const named = { name: cleanName(name) };
      return [label, colour === undefined ? named : { ...named, colour: channels(colour) }];
    }),
  );
}

/** `#rrggbb` as red, green and blue. */
function channels(colour: string): [number, number, number] {
  const all = Number.parseInt(colour.slice(1), 16);
  return [all >> 16, (all >> 8) & 255, all & 255];
}
