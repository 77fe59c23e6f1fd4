/** A part of a text literal: characters, or the place of an `{expression}`, as offsets in the literal. */
export type LiteralPart =
  | { readonly kind: "characters"; readonly text: string }
  | { readonly kind: "expression"; readonly start: number; readonly end: number; readonly closed: boolean };

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

/** The parts of a text literal, quotes included: `\"` and `\n` are escapes, `{{` is a brace. */
export function literalParts(image: string): LiteralPart[] {
  const parts: LiteralPart[] = [];
  const end = image.length - 1;
  let text = "";
  const flush = () => {
    if (text) parts.push({ kind: "characters", text });
    text = "";
  };
  let at = 1;
  while (at < end) {
    const character = image[at] as string;
    if (character === "\\") {
      text += escapes[image[at + 1] as string] ?? image[at + 1];
      at += 2;
    } else if (character === "{" && image[at + 1] === "{") {
      text += "{";
      at += 2;
    } else if (character === "{") {
      flush();
      const close = image.indexOf("}", at);
      const stop = close < 0 ? end : close;
      parts.push({ kind: "expression", start: at + 1, end: stop, closed: close >= 0 });
      at = stop + 1;
    } else {
      text += character;
      at += 1;
    }
  }
  flush();
  return parts;
}
