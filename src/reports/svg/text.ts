/** The fonts of figures: whichever of them there is, `textWidth` is enough for it. */
export const fontFamily = "'Source Sans 3', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** Thousandths of the font's size, the wider of Arial and DejaVu Sans. */
const widths: readonly (readonly [number, string])[] = [
  [300, "'Iijl"],
  [350, " ,./:;\\|·"],
  [400, "()-[]ft"],
  [450, "!r"],
  [500, '"*J`'],
  [550, "csz"],
  [600, "?L_kvxy"],
  [650, "$0123456789FTabdeghnopqu{}µ"],
  [700, "ABEKPSVXYZ"],
  [750, "CNRU"],
  [800, "&DGHOQ"],
  [850, "#+<=>^w~×−"],
  [900, "M"],
  [950, "%"],
  [1000, "Wm"],
];
const widthOf = new Map(widths.flatMap(([width, letters]) => [...letters].map((letter) => [letter, width])));

/** An upper bound of the width of a text, in the units of the font's size. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const letter of text) sum += widthOf.get(letter) ?? 1050;
  return (sum * size) / 1000;
}

/** The text, or as much of its end as fits, after an ellipsis: the end of a path tells layers apart. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  for (let start = 1; start < text.length; start++) {
    const cut = `…${text.slice(start)}`;
    if (textWidth(cut, size) <= width) return cut;
  }
  return "…";
}

/** Lines of at most `width`, cut between words but not beside an equals sign. */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<!=) (?!=)/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Text as XML and HTML have it, in content and in attributes. */
export function escapeMarkup(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return (
    text
      // What no XML may hold.
      .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "�")
      .replace(/[&<>"]/g, (character) => entities[character] ?? character)
  );
}
