import { formatOfPicture } from "../../compiler/diagnostics/catalogue/reports.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { checkNetwork } from "../../compiler/index.js";
import { drawNetwork } from "../../reports/drawing/draw.js";
import { writeFileAtomically } from "../../runtime/volume/files.js";
import { readSource, requireWritable } from "../files.js";
import { createHost } from "../host.js";
import { type NetworkArguments, networkOptions, parseCount } from "../options.js";
import { pictureBytes } from "../picture.js";
import type { Terminal } from "../terminal.js";
import { formatBytes } from "../text.js";
import { showWarnings } from "../variant.js";

export interface DrawArguments extends NetworkArguments {
  readonly output: string;
  readonly depth?: string;
}

/** `slab draw`: the architecture of a network as a picture. */
export async function draw(file: string, options: DrawArguments, terminal: Terminal): Promise<number> {
  const { output, depth } = options;
  const ending = /\.(\w+)$/.exec(output)?.[1]?.toLowerCase();
  if (ending !== "svg" && ending !== "png") fail(formatOfPicture, {}, { path: output });
  requireWritable([output], [file]);
  readSource(file);
  const checked = checkNetwork(file, createHost(file), networkOptions(options));
  showWarnings([checked], terminal);
  const svg = drawNetwork(checked.graph, depth === undefined ? undefined : parseCount("--depth", depth, 64));
  const bytes = await pictureBytes(svg, ending);
  writeFileAtomically(output, bytes);
  terminal.remark(`${output}: ${formatBytes(bytes.length)}`);
  return 0;
}
