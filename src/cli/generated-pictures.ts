import { fileURLToPath } from "node:url";
import { checkNetwork } from "../compiler/index.js";
import { drawNetwork } from "../reports/drawing/draw.js";
import type { GeneratedFile } from "./generated-files.js";
import { createHost } from "./host.js";

/** The root of the repository: the sources lie one folder less deep than what is built from them. */
const root = new URL(import.meta.url.endsWith(".ts") ? "../../" : "../../../", import.meta.url);

/** The pictures of the examples' READMEs, by the file they draw. */
const pictures = [
  { example: "ssh-unet", tile: [128, 128, 128] },
  {
    example: "ablation",
    tile: [128, 128, 128],
    settings: ["kernel=1x3x3", "shift=true", "multi_view=true"],
  },
  { example: "nnunet", tile: [128, 128, 128] },
  { example: "vnet", tile: [128, 128, 128] },
  { example: "unetr", tile: [96, 96, 96] },
  { example: "swin-unetr", tile: [96, 96, 96] },
  { example: "meshnet", tile: [256, 256, 256] },
  { example: "tsm", tile: [8, 224, 224] },
  { example: "nnformer", tile: [128, 128, 128] },
  { example: "cotr", tile: [128, 128, 128], depth: 1 },
  { example: "cost", tile: [8, 224, 224], network: "CoSTResNet50" },
] as const;

/** A picture for each example. */
export function generatedPictures(): readonly GeneratedFile[] {
  return pictures.map(({ example, tile, ...options }) => {
    const file = fileURLToPath(new URL(`examples/${example}/${example}.slab`, root));
    const { graph } = checkNetwork(file, createHost(file), { tile, settings: [], ...options });
    return {
      path: `examples/${example}/${example}.svg`,
      text: `${drawNetwork(graph, "depth" in options ? options.depth : undefined)}\n`,
    };
  });
}
