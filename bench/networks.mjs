// What is measured: the examples that bench/torch/networks.py writes anew in PyTorch.

/** By name: the text, its checkpoint block with the reference's tensor names, and a tile. */
export const networks = {
  "ssh-unet": { file: "examples/ssh-unet/ssh-unet.slab", checkpoint: "authors", tile: "96x96x96" },
  unet3d: { file: "examples/ablation/ablation.slab", checkpoint: "monai", tile: "96x96x96" },
  vnet: { file: "examples/vnet/vnet.slab", checkpoint: "monai", tile: "96x96x96" },
};

export const classes = 16;
