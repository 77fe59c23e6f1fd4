import { PNG } from "pngjs";

/** A picture, three bytes per pixel. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const BACKGROUND = 14;

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(BACKGROUND) };
}

/** Paints a pixel; what lies outside of the picture is left out. */
export function paint(canvas: Canvas, x: number, y: number, red: number, green: number, blue: number): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  canvas.pixels.set([Math.round(red), Math.round(green), Math.round(blue)], (y * canvas.width + x) * 3);
}

export function encodePng({ width, height, pixels }: Canvas): Uint8Array {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    png.data.set(pixels.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    png.data[pixel * 4 + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 2 });
}

/** Lays pixels of the same size over a canvas: red, green and blue multiplied by the opacity that follows them. */
export function layOver({ pixels }: Canvas, over: Uint8Array): void {
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) {
    const opacity = over[from + 3] as number;
    if (opacity === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const below = ((pixels[to + channel] as number) * (255 - opacity)) / 255;
      pixels[to + channel] = Math.min(255, Math.round((over[from + channel] as number) + below));
    }
  }
}
