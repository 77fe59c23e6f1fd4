import { expect, test } from "vitest";
import { checkNetwork, measure } from "../../../src/compiler/index.js";
import { repositoryHost } from "../../support/host.js";

/** Parameters, MACs and fvcore's FLOPs of the systems' reference PyTorch code, with 16 classes at 128³. */
const systems = [
  { file: "vnet/vnet.slab", parameters: 45_654_192n, macs: 849_497_554_944n, fvcore: 849_960_763_392n },
  { file: "nnunet/nnunet.slab", parameters: 31_178_784n, macs: 678_080_544_768n, fvcore: 680_310_489_088n },
  // 400 classes, 8 frames of 224²
  {
    file: "tsm/tsm.slab",
    parameters: 24_327_632n,
    macs: 32_703_643_648n,
    fvcore: 32_881_467_392n,
    tile: [8, 224, 224],
  },
];

test.each(systems)(
  "$file has the counts of its reference",
  ({ file, tile = [128, 128, 128], ...expected }) => {
    const checked = checkNetwork(`examples/${file}`, repositoryHost, { tile });
    expect(Object.fromEntries(measure(checked, ["parameters", "macs", "fvcore"]))).toEqual(expected);
  },
);
