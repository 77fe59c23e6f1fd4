import type {
  AxisExtent,
  BudgetVerdict,
  Counts,
  FormulaTerm,
  LayerCounts,
  PortShape,
  ReceptiveField,
  ScheduleMemory,
  TensorBytes,
} from "../compiler/index.js";
import type { JsonValue } from "./json-text.js";
import type { Breakdown, BreakdownRow, OpenPort, OpenReport, Report } from "./report.js";

/** A report as data; `docs/report.schema.json` describes it. Counts are whole numbers with all their digits. */
export function reportJson(report: Report): JsonValue {
  const { file, analysis, breakdowns, roofline, volume, verdicts, spacing } = report;
  const { parameters, total, conventions, coverage } = analysis;
  return {
    file,
    network: analysis.network,
    documentation: analysis.documentation,
    arguments: analysis.arguments,
    inputs: analysis.inputs.map(portJson),
    outputs: analysis.outputs.map(portJson),
    parameters: parameters.trainable,
    applied_parameters: parameters.applied,
    unused_parameters: parameters.unused,
    buffers: parameters.buffers,
    weight_tensors: parameters.tensors,
    weight_bytes: parameters.bytes,
    ...countsJson(total),
    peak_bytes: report.memory.peakBytes,
    schedule: report.memory.schedule,
    receptive_field: receptiveFieldOf(analysis.receptiveFields),
    conventions: Object.fromEntries(conventions.map(({ name, value }) => [name, value])),
    convention_rules: conventions.map(({ name, tool, unit, rule }) => ({ name, tool, unit, rule })),
    coverage: { counted: coverage.counted, free: coverage.free, unknown: coverage.unknown },
    levels: analysis.levels.map(({ name, ratios }) => ({
      name,
      ratios: Object.fromEntries(ratios.map((each) => [each.axis, [each.numerator, each.denominator]])),
    })),
    receptive_fields: analysis.receptiveFields.map((field) => fieldJson(field, spacing)),
    memory: report.schedules().map(memoryJson),
    groups: breakdowns.map(breakdownJson),
    layers: analysis.layers.map((layer, index) => {
      const time = roofline?.layers[index];
      return { ...layerJson(layer), ...(time ? { seconds: time.seconds, bound: time.bound } : {}) };
    }),
    roofline: roofline && {
      device: {
        name: roofline.device.name,
        title: roofline.device.title,
        kind: roofline.device.kind,
        flops_per_second: roofline.device.flopsPerSecond,
        bytes_per_second: roofline.device.bytesPerSecond,
        source: roofline.device.source,
      },
      ridge: roofline.ridge,
      seconds: roofline.seconds,
      compute_seconds: roofline.computeSeconds,
      memory_seconds: roofline.memorySeconds,
    },
    volume: volume && {
      shape: shapeJson(volume.volume),
      tile: shapeJson(volume.tile),
      overlap: volume.overlap,
      tiles: volume.tiles,
      starts: volume.starts,
      macs: volume.macs,
      flops: volume.flops,
      redundancy: volume.redundancy,
      tile_output_bytes: volume.tileOutputBytes,
      blending_bytes: volume.blendingBytes,
      label_bytes: volume.labelBytes,
    },
    budget: verdicts?.map(verdictJson),
  };
}

/** A report of a network with open sizes: what needs them is null, and `formulas` has the counts. */
export function openReportJson({ file, formulas: found, inputs, outputs }: OpenReport): JsonValue {
  const { parameters } = found;
  return {
    file,
    network: found.network,
    documentation: found.documentation,
    arguments: found.arguments,
    inputs: inputs.map(openPortJson),
    outputs: outputs.map(openPortJson),
    parameters: parameters.trainable,
    applied_parameters: parameters.applied,
    unused_parameters: parameters.unused,
    buffers: parameters.buffers,
    weight_tensors: parameters.tensors,
    weight_bytes: parameters.bytes,
    macs: null,
    flops: null,
    bytes: null,
    peak_bytes: null,
    receptive_field: null,
    conventions: null,
    coverage: null,
    layers: null,
    divisible_by: Object.fromEntries(found.divisibility.map(({ axis, divisor }) => [axis, divisor])),
    conditions: found.conditions,
    formulas: Object.fromEntries(
      found.formulas.map(({ name, text, terms }) => [name, { text, terms: terms.map(termJson) }]),
    ),
  };
}

function openPortJson({ name, axes, shape }: OpenPort): JsonValue {
  return { name, axes, shape };
}

function termJson({ numerator, denominator, axes }: FormulaTerm): JsonValue {
  return { numerator, denominator, axes };
}

function portJson({ name, axes, bytes }: PortShape): JsonValue {
  return { name, axes: axes.map(({ axis }) => axis), shape: shapeJson(axes), bytes };
}

function shapeJson(axes: readonly AxisExtent[]): readonly bigint[] {
  return axes.map(({ size }) => size);
}

function countsJson({ macs, flops, bytesRead, bytesWritten }: Counts) {
  return {
    macs,
    flops,
    bytes: bytesRead + bytesWritten,
    bytes_read: bytesRead,
    bytes_written: bytesWritten,
  };
}

/** By axis of the first input, for the first output: what most networks have one of. */
function receptiveFieldOf([first]: readonly ReceptiveField[]): JsonValue {
  return first ? Object.fromEntries(first.axes.map(({ axis, voxels }) => [axis, voxels])) : null;
}

function fieldJson(
  { output, input, axes, whole, exact }: ReceptiveField,
  spacing: Readonly<Record<string, number>> = {},
): JsonValue {
  return {
    output,
    input,
    exact,
    axes: axes.map((each) => {
      const { axis, voxels, before, after, period, overlap } = each;
      const step = spacing[axis];
      return {
        axis,
        voxels,
        millimetres: step === undefined || voxels === "whole" ? undefined : voxels * step,
        before,
        after,
        with_statistics: each.withStatistics,
        period,
        overlap,
        tile_overlap: each.tileOverlap,
      };
    }),
    whole: whole.map(({ operation, layers, of }) => ({ operation, layers, of })),
  };
}

function memoryJson({ schedule, peakBytes, peakAt, live, tensors, ...bytes }: ScheduleMemory): JsonValue {
  return {
    schedule,
    peak_bytes: peakBytes,
    peak_at: peakAt,
    peak_tensors: live.map(tensorJson),
    activation_bytes: bytes.activationBytes,
    weight_bytes: bytes.weightBytes,
    tensors: tensors.map(tensorJson),
  };
}

function tensorJson({ name, axes, bytes }: TensorBytes): JsonValue {
  return { name, shape: shapeJson(axes), bytes };
}

function breakdownJson({ by, depth, groups }: Breakdown): JsonValue {
  return { by, depth, rows: groups.map(groupJson) };
}

function groupJson(group: BreakdownRow): JsonValue {
  return {
    key: group.key,
    layers: group.layers,
    parameters: group.parameters,
    applied_parameters: group.appliedParameters,
    ...countsJson(group),
    conventions: group.conventions,
    seconds: group.seconds,
  };
}

function layerJson(layer: LayerCounts) {
  return {
    name: layer.name,
    path: layer.path,
    op: layer.operation,
    views: layer.views,
    level: layer.level,
    arguments: layer.arguments,
    inputs: layer.inputs.map(shapeJson),
    axes: layer.output.map(({ axis }) => axis),
    output: shapeJson(layer.output),
    parameters: layer.parameters,
    applied_parameters: layer.appliedParameters,
    buffers: layer.buffers,
    shared: layer.shared,
    alias: layer.alias,
    ...countsJson(layer),
    conventions: layer.conventions,
  };
}

function verdictJson({ text, quantity, limit, comparison, found, kept, excess }: BudgetVerdict): JsonValue {
  return { text, quantity, comparison, limit, found, kept, excess };
}
