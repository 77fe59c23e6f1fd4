import type { Node } from "../graph/graph.js";
import { known } from "../support/invariant.js";

/** ONNX Runtime's fast two-dimensional convolutions have channels in blocks of 4, 8 or 16, as the processor has it. */
export const channelBlock = 16;

/** Whether blocks hold all channels of a convolution, of its input and of its output. */
export function isInChannelBlocks({ parameters }: Node): boolean {
  const [out = 1, channels = 1] = known(parameters.weight, "weight").shape;
  return channels % channelBlock === 0 && out % channelBlock === 0;
}
