// What is measured on a card: the benchmark's networks, and one of MONAI's own.
import { networks as written } from "../networks.mjs";

export const networks = {
  ...written,
  "swin-unetr": {
    file: "examples/swin-unetr/swin-unetr.slab",
    checkpoint: "monai",
    tile: "96x96x96",
    monai: true,
  },
};

/** Measured unless told otherwise. */
export const usualCases = [
  "ssh-unet:96x96x96",
  "ssh-unet:128x128x128",
  "unet3d:96x96x96",
  "swin-unetr:96x96x96",
];
