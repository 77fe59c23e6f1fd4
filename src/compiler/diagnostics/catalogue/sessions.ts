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
      .filter(({ bytes }) => bytes > needed / 1000)
      .map(({ what, bytes }) => ({ label: "of it", text: `${gigabytes(bytes)} for ${what}` })),
  ],
  help: () => [
    "allow more, or compile for smaller tiles (--tile): scores are kept for one tile's thickness along the first axis",
    "tiles that are short along the first axis cost least memory",
  ],
});

interface MissingPart {
  readonly what: string;
  readonly lookedFor: string;
  readonly help: string;
}

export const deviceMissing = kind<{ device: string; missing: readonly MissingPart[] }>("SLAB5202", {
  title: ({ device }) => `${device} can't be used on this machine`,
  notes: ({ missing }) =>
    missing.map(({ what, lookedFor }) => ({ label: "missing", text: `${what}: ${lookedFor}` })),
  help: ({ missing }) => [
    ...new Set(missing.map(({ help }) => help)),
    "--device cpu always works; slab devices says what works here",
  ],
});

export const deviceFailed = kind<{ device: string; message: string }>("SLAB5203", {
  title: ({ device }) => `the network does not run on ${device}`,
  notes: ({ message }) => [{ label: "found", text: message }],
  help: ({ device }) => [
    ...(device === "webgpu"
      ? [
          "a model for it is compiled with --schedule webgpu, and in float32 where the card has no float16; of a .slab file slab run makes one by itself",
        ]
      : []),
    `slab devices --check says whether ${device} works at all; the network may have an operation that it lacks`,
    "--device cpu always works",
  ],
});

export const malformedCard = kind<{ found: string }>("SLAB5204", {
  title: () => "--card takes the number of a graphics card",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "0, 1, 2 …, as nvidia-smi numbers them" },
  ],
});
