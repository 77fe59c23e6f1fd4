/** ONNX Runtime's fast two-dimensional convolutions have channels in blocks of 4, 8 or 16, as the processor has it. */
export const channelBlock = 16;
