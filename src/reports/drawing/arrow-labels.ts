import type { Graph } from "../../compiler/index.js";
import { textWidth } from "../svg/text.js";
import { type Arrow, linkText } from "./placement.js";
import { lineSize } from "./text-sizes.js";

const lineHeight = lineSize + 2;

/** Labels one above the other where they would cover one another; what says the same is said once. */
export function apart(arrows: readonly Arrow[], bindings: Graph["bindings"]): readonly Arrow[] {
  const placed: {
    readonly text: string;
    readonly left: number;
    readonly right: number;
    readonly y: number;
  }[] = [];
  return arrows.map((arrow): Arrow => {
    if (!arrow.label) return arrow;
    const text = linkText(arrow.link, bindings);
    const width = textWidth(text, lineSize);
    const start = arrow.label.anchor === "middle" ? arrow.label.x - width / 2 : arrow.label.x;
    let { y } = arrow.label;
    const covered = () =>
      placed.filter(
        (other) => start < other.right && start + width > other.left && Math.abs(y - other.y) < lineHeight,
      );
    if (covered().some((other) => other.text === text)) {
      const { label: _, ...unlabelled } = arrow;
      return unlabelled;
    }
    while (covered().length > 0) y += lineHeight;
    placed.push({ text, left: start, right: start + width, y });
    return { ...arrow, label: { ...arrow.label, y } };
  });
}
