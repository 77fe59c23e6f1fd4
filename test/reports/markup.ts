import { expect } from "vitest";

/** An element of well-formed markup. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** Reads well-formed XML without comments; fails the test where it is not. Gives its elements in order. */
export function checkMarkup(source: string): readonly Element[] {
  const open: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const all: { name: string; attributes: Record<string, string>; text: string }[] = [];
  // Style and script are no markup in HTML.
  const markup = source.replace(/(<(style|script)>)[\s\S]*?(<\/\2>)/g, "$1$3");
  const pattern = /<(\/?)([a-zA-Z][\w]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g;
  for (const [, closing, name = "", attributes = "", empty, text, stray] of markup.matchAll(pattern)) {
    expect(stray, "an angle bracket that begins no tag").toBeUndefined();
    if (text !== undefined) {
      expect(text.replace(/&(amp|lt|gt|quot);/g, "")).not.toContain("&");
      const parent = open.at(-1);
      if (parent) parent.text += decode(text);
      else expect(text.trim()).toBe("");
    } else if (closing) expect(open.pop()?.name).toBe(name);
    else {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)];
      const element = {
        name,
        attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, decode(value ?? "")])),
        text: "",
      };
      all.push(element);
      if (!empty) open.push(element);
    }
  }
  expect(open, "elements that are not closed").toEqual([]);
  return all;
}

function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name] ?? "");
}
