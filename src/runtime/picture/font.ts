/** The letters that name directions, 5 x 7 dots each; a set bit is a dot, the highest of five bits the leftmost. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  A: [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
  I: [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
  L: [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
  P: [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
  R: [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
  S: [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
};

export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;

/** Calls `dot` with the column and row of each dot of a letter; of none for a letter that isn't a direction. */
export function drawGlyph(letter: string, dot: (column: number, row: number) => void): void {
  for (const [row, bits] of (GLYPHS[letter] ?? []).entries()) {
    for (let column = 0; column < GLYPH_WIDTH; column++) {
      if (bits & (1 << (GLYPH_WIDTH - 1 - column))) dot(column, row);
    }
  }
}
