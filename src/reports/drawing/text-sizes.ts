/** Sizes of the text in drawings, in their units. */
export const titleSize = 13;
export const lineSize = 11;
