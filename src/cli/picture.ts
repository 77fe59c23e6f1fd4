/** Pixels of a PNG, across: twice as many as drawings have units, for print. */
const pixels = 1600;

/** A drawing as the bytes of a file. */
export async function pictureBytes(svg: string, format: "svg" | "png"): Promise<Uint8Array> {
  if (format === "svg") return new TextEncoder().encode(`${svg}\n`);
  return (await import("../runtime/picture/rasterize.js")).svgToPng(svg, pixels);
}
