import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The family that drawings name first; with its files at hand a PNG looks the same on every machine. */
const drawingFont = "Source Sans 3";

let renderer: Promise<typeof import("@resvg/resvg-wasm")> | undefined;

/** Draws an SVG as a PNG of a width in pixels. Text is set in the drawing font, whatever the machine has. */
export async function svgToPng(svg: string, width: number): Promise<Uint8Array> {
  return rendered(svg, width, (image) => image.asPng());
}

/** Draws an SVG as pixels: red, green, blue and opacity, the first three multiplied by it. */
export async function svgToPixels(svg: string, width: number): Promise<Uint8Array> {
  return rendered(svg, width, (image) => image.pixels.slice());
}

interface Rendered {
  readonly pixels: Uint8Array;
  asPng(): Uint8Array;
}

async function rendered(
  svg: string,
  width: number,
  take: (image: Rendered) => Uint8Array,
): Promise<Uint8Array> {
  renderer ??= loadRenderer();
  const { Resvg } = await renderer;
  const resvg = new Resvg(svg, {
    fitTo: { mode: "width", value: width },
    font: { fontBuffers: fonts(), loadSystemFonts: false, defaultFontFamily: drawingFont },
  });
  const image = resvg.render();
  const taken = take(image);
  image.free();
  resvg.free();
  return taken;
}

async function loadRenderer() {
  const module = await import("@resvg/resvg-wasm");
  await module.initWasm(file("@resvg/resvg-wasm/index_bg.wasm"));
  return module;
}

function fonts(): Uint8Array[] {
  return ["400Regular", "400Regular_Italic", "600SemiBold"].map((style) =>
    file(`@expo-google-fonts/source-sans-3/${style}/SourceSans3_${style}.ttf`),
  );
}

function file(request: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(request)));
}
