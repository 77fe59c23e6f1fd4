/** The six directions of RAS+ space, by axis: left-right, posterior-anterior, inferior-superior. */
const axes = ["LR", "PA", "IS"] as const;

/** The axis of space, 0 to 2, along which a letter points; -1 for no letter of a code. */
export function axisOfLetter(letter: string): number {
  return letter === "" ? -1 : axes.findIndex((pair) => pair.includes(letter));
}

/** Whether three letters say where three axes point to: one of L and R, one of P and A, one of I and S, in any order. */
export function isOrientation(code: string): boolean {
  const found = [...code].map(axisOfLetter);
  return found.length === 3 && [0, 1, 2].every((axis) => found.includes(axis));
}

/** All 48 codes; those that files are usually written in come first. */
export const orientations: readonly string[] = (() => {
  const orders = ["012", "021", "102", "120", "201", "210"];
  const all = orders.flatMap((order) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((signs) =>
      [...order].map((axis, place) => (axes[Number(axis)] ?? "")[(signs >> place) & 1]).join(""),
    ),
  );
  const usual = ["RAS", "LPS", "LAS", "RPI", "LIA", "PIR", "ASL"];
  return [...usual, ...all.filter((code) => !usual.includes(code))];
})();

/** What is wrong with a code, and the codes that differ from it in one letter, or two. */
export function explainOrientation(code: string): {
  readonly problem: string;
  readonly near: readonly string[];
} {
  const upper = code.toUpperCase();
  if (isOrientation(upper)) return { problem: "it is written in capitals", near: [upper] };
  const letters = [...upper];
  const strange = letters.find((letter) => axisOfLetter(letter) < 0);
  const twice = letters.findIndex(
    (letter, place) => letters.findIndex((other) => axisOfLetter(other) === axisOfLetter(letter)) < place,
  );
  const problem =
    letters.length !== 3
      ? `it has ${letters.length} letters`
      : strange !== undefined
        ? `${strange} is none of L, R, P, A, I and S`
        : `${letters.find((letter) => axisOfLetter(letter) === axisOfLetter(letters[twice] ?? ""))} and ${letters[twice]} lie on one axis`;
  const distance = (other: string) => letters.filter((letter, place) => letter !== other[place]).length;
  const near = letters.length === 3 ? orientations.filter((other) => distance(other) === 1).slice(0, 2) : [];
  return { problem, near };
}
