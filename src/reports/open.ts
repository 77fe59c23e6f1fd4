import type { Document, Fact } from "./document.js";
import { exact, short, shortBytes } from "./numbers.js";
import { type OpenReport, showSettings, summaryOf } from "./report.js";

/** A network whose input has open sizes, for people: exact formulas in them. */
export function describeFormulas({ file, formulas: found, inputs, outputs }: OpenReport): Document {
  const { trainable, applied, unused, buffers, bytes } = found.parameters;
  const reuse = applied === trainable - unused ? "" : `; ${exact(applied)} counted at each use`;
  const idle = unused === 0n ? "" : `; ${exact(unused)} of them are held and not used`;
  const tile = found.axes.flatMap((axis) => (axis === "n" ? [] : ["96"])).join("x");
  const summary = summaryOf(found.documentation);
  const conditions = [
    ...found.divisibility.map(({ axis, divisor }) => `${axis} divisible by ${divisor}`),
    ...found.conditions,
  ].join(", ");
  const names: Readonly<Record<string, string>> = { macs: "MACs", flops: "FLOPs", bytes: "bytes moved" };
  const parameters: Fact[] = [
    {
      name: "parameters",
      exact: exact(trainable),
      short: short(trainable),
      text: `trained values, each counted once${reuse}${idle}`,
    },
    ...(buffers > 0n
      ? [
          {
            name: "buffers",
            exact: exact(buffers),
            short: short(buffers),
            text: "stored with the weights, not trained",
          },
        ]
      : []),
    { name: "weights", exact: exact(bytes), short: shortBytes(bytes), text: "bytes, in float32" },
  ];
  return {
    title: `${found.network} · ${file}`,
    ...(summary === undefined ? {} : { subtitle: summary }),
    blocks: [
      {
        kind: "facts",
        facts: [
          { name: "settings", text: showSettings(found.arguments) },
          ...inputs.map(({ name, type }) => ({ name: "input", text: `${name} ${type}` })),
          ...outputs.map(({ name, type }) => ({ name: "output", text: `${name} ${type}` })),
        ],
      },
      { kind: "facts", facts: parameters },
      {
        kind: "facts",
        title: conditions === "" ? "Exactly, for every size" : `Exactly, for every size with ${conditions}`,
        facts: found.formulas.map(({ name, text }) => ({ name: names[name] ?? name, text: `= ${text}` })),
      },
      {
        kind: "remark",
        text: `Memory, the receptive field and a breakdown need sizes: give them with --tile, for example --tile ${tile}.`,
      },
    ],
  };
}
