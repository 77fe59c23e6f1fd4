import { kind } from "../diagnostic.js";

/** What the runtime says about memory, devices and results that it keeps. Codes SLAB5200 to SLAB5249. */

const gigabytes = (bytes: number) =>
  bytes >= 99.5e6 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;

export const malformedMemory = kind<{ found: string }>("SLAB5200", {
  title: () => "--memory takes an amount with its unit",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "a number with MB, GB, MiB or GiB" },
  ],
  help: () => "for example --memory 4GB",
});

export const memoryTooSmall = kind<{
  limit: number;
  needed: number;
  needs: readonly { readonly what: string; readonly bytes: number }[];
}>("SLAB5201", {
  title: () => "this can't be done within the memory that --memory allows",
  notes: ({ limit, needed, needs }) => [
    { label: "allowed", text: gigabytes(limit) },
    { label: "needed", text: `at least ${gigabytes(needed)}` },
    ...needs
      .filter(({ bytes }) => bytes > 0)
      .map(({ what, bytes }) => ({ label: "of it", text: `${gigabytes(bytes)} for ${what}` })),
  ],
  help: () => [
    "allow more, or compile for smaller tiles: scores are kept for one tile's thickness along the first axis",
    "tiles that are short along the first axis cost least memory: --tile 48x96x96",
  ],
});
