import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB605x and 606x: folders of scans, and showing scans. */

export const folderAndFile = kind<{ folder: string; file: string }>("SLAB6050", {
  title: () => "one of the two is a folder, the other a file",
  notes: ({ folder, file }) => [
    { label: "folder", text: folder },
    { label: "file", text: file },
  ],
  help: () => "name two label maps, or two folders with maps of the same names",
});

export const noScansInFolder = kind<{ others: readonly string[] }>("SLAB6051", {
  title: () => "this folder has no scans",
  notes: ({ others }) => [
    { label: "found", text: others.length === 0 ? "nothing" : someOf(others) },
    { label: "expected", text: "files that end in .nii or .nii.gz" },
  ],
  help: () => "folders within it are not searched: name the one that the files are in",
});

export const noPairs = kind<{ folder: string; first: readonly string[]; second: readonly string[] }>(
  "SLAB6052",
  {
    title: () => "no file of one folder has the name of one in the other",
    notes: ({ folder, first, second }) => [
      { label: "found", text: someOf(first) },
      { label: folder, text: someOf(second) },
    ],
    help: () => "a prediction and its truth belong together by their name, without .nii or .nii.gz",
  },
);

export const sameCaseTwice = kind<{ first: string; second: string }>("SLAB6053", {
  title: () => "two files of this folder are the same case",
  notes: ({ first, second }) => [{ label: "found", text: `${first} and ${second}` }],
  help: () => "keep one of them: files are paired by their name without .nii or .nii.gz",
});

export const partnerMissing = kind<{ other: string }>("SLAB6054", {
  severity: "warning",
  title: () => "this file has no partner, and is not compared",
  notes: ({ other }) => [{ label: "expected", text: other }],
});

export const portTaken = kind<{ port: number; reason: string }>("SLAB6055", {
  title: ({ port }) => `port ${port} cannot be used`,
  notes: ({ reason }) => [{ label: "found", text: reason }],
  help: () => "leave --port out, and a free one is found",
});

export const malformedPort = kind<{ found: string }>("SLAB6056", {
  title: () => "--port takes the number of a port",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "1 to 65535" },
  ],
  help: () => "leave it out, and a free one is found",
});

export const viewerMissing = kind<Record<never, never>>("SLAB6057", {
  title: () => "the viewer has not been built",
  help: () => "run npm run build, or install Slab again",
});

export const malformedWindow = kind<{ found: string }>("SLAB6058", {
  title: () => "--window takes the values that are black and white",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "two numbers, the lower one first" },
  ],
  help: () => "write for example --window=-160,240 for soft tissue in CT",
});

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => name.replace(/\p{Cc}/gu, "?"));
  return names.length <= 4 ? alternatives(shown, "and") : `${shown.join(", ")} and ${names.length - 4} more`;
}
