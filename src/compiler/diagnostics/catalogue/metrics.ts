import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB530x to 534x: label maps, their names, and what is compared of them. */

export const labelsNotWhole = kind<{ count: number; total: number; first: number }>("SLAB5300", {
  title: () => "this is not a label map: some voxels are not whole numbers",
  notes: ({ count, total, first }) => [
    {
      label: "found",
      text: `${first}, and ${counted(count)} of ${counted(total)} voxels that are not whole`,
    },
    { label: "expected", text: "a whole number from 0 to 65,535 in every voxel" },
  ],
  help: () =>
    "is it the scan, or a map of probabilities? Labels that were resampled need nearest neighbours, not interpolation",
});

export const labelOutOfRange = kind<{ found: number; count: number }>("SLAB5301", {
  title: ({ found }) =>
    found < 0 ? "a label map cannot have negative labels" : "a label of this map is too large",
  notes: ({ found, count }) => [
    { label: "found", text: `label ${found}, among ${counted(count)} voxels out of range` },
    { label: "expected", text: "a whole number from 0 to 65,535 in every voxel" },
  ],
  help: ({ found }) => (found < 0 ? "is it the scan, rather than its labels?" : undefined),
});

export const gridsDiffer = kind<{
  first: string;
  second: string;
  other: string;
  apart: number | undefined;
  limit: number;
}>("SLAB5302", {
  title: ({ apart }) =>
    apart === undefined
      ? "the two files differ in size"
      : `the two files lie up to ${millimetres(apart)} mm apart`,
  notes: ({ first, second, other, apart, limit }) => [
    { label: "found", text: first },
    { label: other, text: second },
    apart === undefined
      ? undefined
      : { label: "expected", text: `the same places, to ${millimetres(limit)} mm` },
  ],
  help: () => "bring one onto the other's grid first, with nearest neighbours for labels",
});

export const unknownLabelName = kind<{ found: string; similar: readonly string[]; names: number }>(
  "SLAB5303",
  {
    title: ({ found }) => `no label is called ${found}`,
    help: ({ similar, names }) =>
      similar.length > 0
        ? `did you mean ${alternatives(similar)}?`
        : names > 0
          ? "give its number, or look up its name where the labels are named"
          : "the labels have no names here: give numbers, or a file of names with --names",
  },
);

export const malformedLabels = kind<{ found: string }>("SLAB5304", {
  title: () => "--labels takes labels with commas between them",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "numbers from 1 to 65,535, ranges such as 1-15, or names" },
  ],
  help: () => "write for example --labels 1,5-8,pancreas",
});

export const malformedTolerance = kind<{ found: string }>("SLAB5305", {
  title: () => "--tolerance takes a distance in mm",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "a number from 0 to 1,000,000" },
  ],
  help: () => "write for example --tolerance 3",
});

export const namesNotUnderstood = kind<{ found: string }>("SLAB5306", {
  title: () => "this file does not name labels in a way that Slab knows",
  notes: ({ found }) => [
    { label: "found", text: found },
    {
      label: "expected",
      text: 'JSON such as {"1": "spleen"} or nnU-Net\'s dataset.json, lines such as 1 spleen, a table of ITK-SNAP or FreeSurfer, or a compiled model whose pipeline has labels',
    },
  ],
});

export const nothingLabelled = kind<{ other: string }>("SLAB5307", {
  title: () => "neither map has a label other than 0",
  notes: ({ other }) => [{ label: "and", text: other }],
  help: () => "are these the right files? --labels names what is to be compared though it is not there",
});

export const ambiguousLabelName = kind<{ found: string; labels: readonly number[] }>("SLAB5308", {
  title: ({ found }) => `several labels are called ${found}`,
  notes: ({ labels }) => [{ label: "found", text: alternatives(labels.map(String), "and") }],
  help: () => "give the number",
});

function counted(value: number): string {
  return value.toLocaleString("en-US");
}

function millimetres(value: number): string {
  return String(Number(value.toPrecision(3)));
}
