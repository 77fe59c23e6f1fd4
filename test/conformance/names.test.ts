import { describe, expect, test } from "vitest";
import { checkNetwork } from "../../src/compiler/index.js";
import { repositoryHost } from "../support/host.js";
import { readReference } from "./reference.js";

describe("files of the authors", () => {
  test("of SSH-UNet hold every block a second time, which is passed over", () => {
    const network = checkNetwork("examples/ssh-unet/ssh-unet.slab", repositoryHost, {
      settings: ["shift=gsm"],
    });
    const ignored = (name: string) => network.ignores("authors", name);
    for (const { name } of readReference("ssh-unet-gsm-small").tensors) {
      expect(ignored(name), name).toBe(false);
      expect(ignored(`skip_layers.next_layer.${name}`)).toBe(true);
    }
  });

  test("of MONAI's DynUNet do too, and hold heads that only training uses", () => {
    const network = checkNetwork("examples/ablation/ablation.slab", repositoryHost, {
      settings: ["affine=true"],
    });
    const ignored = (name: string) => network.ignores("monai", name);
    for (const { name } of readReference("dynunet-3d-small").tensors) expect(ignored(name), name).toBe(false);
    for (const name of [
      "skip_layers.downsample.conv1.conv.weight",
      "skip_layers.next_layer.next_layer.upsample.transp_conv.conv.bias",
      "skip_layers.next_layer.super_head.conv.conv.weight",
      "deep_supervision_heads.0.conv.conv.bias",
    ]) {
      expect(ignored(name), name).toBe(true);
    }
  });

  test("of TSM name a ResNet-50 inside their network, with its shifted convolutions wrapped", () => {
    const network = checkNetwork("examples/tsm/tsm.slab", repositoryHost, { settings: ["classes=10"] });
    const names = network.graph.parameters.map(({ path }) => network.foreignName("authors", path));
    const expected = readReference("tsm-resnet50").tensors.map(({ name }) =>
      name.startsWith("fc.")
        ? `new_${name}`
        : `base_model.${name.replace(/^(layer\d\.\d\.conv1)\./, "$1.net.")}`,
    );
    expect(names.sort()).toEqual(expected.sort());
  });
});
