import { expect, test } from "vitest";
import { checkNetwork, equalAxes, renderDiagnostics, SlabFailure } from "../../src/compiler/index.js";
import { repositoryHost } from "../support/host.js";

const file = "examples/ssh-unet/ssh-unet.slab";
const tile = [96, 96, 48];

function refusal(settings: readonly string[]): string {
  try {
    checkNetwork(file, repositoryHost, { settings, tile });
  } catch (failure) {
    if (failure instanceof SlabFailure) return renderDiagnostics(failure.diagnostics);
    throw failure;
  }
  return "";
}

test("views one after another take any tile, and views as one batch, or before a fusion net, a cube", () => {
  expect(refusal([])).toBe("");
  for (const setting of ["stacked=true", "fusion=vfn"]) {
    expect(refusal([setting])).toMatch(
      /^error\[SLAB2214\]: views stacked or fused by vfn need a cube, found 96x96x48; in turn they need none\n/,
    );
    const open = checkNetwork(file, repositoryHost, { settings: [setting] });
    expect(equalAxes(open)).toEqual([["x", "y", "z"]]);
    checkNetwork(file, repositoryHost, { settings: [setting], tile: [48, 48, 48] });
  }
});

test("a setting that SSH-UNet does not know is refused with those that it knows", () => {
  expect(refusal(["shift=gst"])).toContain('shift must be "tsm", "gsm" or "gsf", found "gst"');
  expect(refusal(["fusion=max"])).toContain('fusion must be "sum" or "vfn", found "max"');
  expect(refusal(["text=figure"])).toContain('text must be "code" or "paper", found "figure"');
});
