/** The labels that a model gives instead of scores. */
export interface LabelMapType {
  /** The label of a voxel with a score that is NaN: one that is no class. */
  readonly unknown: number;
  /** Of a label, which is an unsigned integer. */
  readonly bytes: 1 | 2;
}

/** As many as leave a number for what is no class. */
export const mostLabelClasses = 65_535;

/** Labels of so many classes, at most `mostLabelClasses`; of a single one they are 0 and 1. */
export function labelMapType(classes: number): LabelMapType {
  const unknown = Math.max(2, classes);
  return { unknown, bytes: unknown < 256 ? 1 : 2 };
}
