/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Colours that stay apart on grey, the first ones most: after Kelly, "Twenty-two colors of maximum contrast" (1965). */
const DISTINCT: readonly Colour[] = [
  [230, 57, 70],
  [69, 186, 255],
  [255, 200, 40],
  [86, 204, 112],
  [196, 112, 240],
  [255, 140, 50],
  [64, 224, 208],
  [255, 120, 180],
  [170, 190, 40],
  [120, 130, 255],
  [200, 120, 80],
  [250, 240, 150],
  [0, 150, 136],
  [180, 40, 130],
  [150, 220, 250],
];

/** The colour of a label, from 1; always the same one for the same label. */
export function labelColour(label: number): Colour {
  const distinct = DISTINCT[label - 1];
  if (distinct) return distinct;
  // Steps of the golden angle never come back to a hue.
  const hue = (label * 137.508) % 360;
  const value = label % 2 === 0 ? 1 : 0.75;
  const channel = (shift: number) => {
    const position = (shift + hue / 60) % 6;
    return Math.round(255 * value * (1 - 0.7 * Math.max(0, Math.min(position, 4 - position, 1))));
  };
  return [channel(5), channel(3), channel(1)];
}
