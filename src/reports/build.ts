import {
  type Analysis,
  analyze,
  type BudgetLimit,
  type BudgetVerdict,
  type CheckedNetwork,
  type ConventionName,
  type DeviceProfile,
  evaluateSize,
  formulas,
  type Grouping,
  groupKey,
  groupLayers,
  judgeBudget,
  type LayerCounts,
  memoryOf,
  openAxes,
  type PresetName,
  presetNames,
  quantitiesOf,
  type Roofline,
  roofline,
  type ScheduleMemory,
  type TensorType,
  volumeCost,
} from "../compiler/index.js";
import {
  type Breakdown,
  type BreakdownRow,
  type OpenPort,
  type OpenReport,
  type Report,
  showShape,
} from "./report.js";

/** What is asked about a network besides its counts. */
export interface ReportRequest {
  /** What the counts are broken down by. */
  readonly by: readonly Grouping[];
  /** For layers: to how many names of a path they are gathered. */
  readonly depth?: number;
  readonly convention: ConventionName | "exact";
  readonly device?: DeviceProfile;
  readonly volume?: { readonly sizes: readonly number[]; readonly overlap: number };
  readonly budget?: readonly BudgetLimit[];
  /** Whose memory counts; the portable one's unless given. */
  readonly schedule?: PresetName;
  /** Millimetres from voxel to voxel, by axis. */
  readonly spacing?: (analysis: Analysis) => Readonly<Record<string, number>>;
}

/** Counts a network whose sizes are known. Fails with SLAB7005 or SLAB7006 where a volume does not fit it. */
export function buildReport(file: string, checked: CheckedNetwork, request: ReportRequest): Report {
  const { by, depth, convention, device, volume, budget, spacing, schedule = "portable" } = request;
  const analysis = analyze(checked);
  const memoryAs = (preset: PresetName) =>
    preset === "portable" ? analysis.memory : memoryOf(checked, preset);
  const memory = memoryAs(schedule);
  const others = presetNames.filter((preset) => preset !== schedule);
  const times = device && roofline(analysis, device);
  return {
    file,
    analysis,
    memory,
    schedules: () => [memory, ...others.map(memoryAs)],
    breakdowns: by.map((each) => breakDown(analysis, each, depth, times)),
    convention,
    ...(times ? { roofline: times } : {}),
    ...(volume ? { volume: volumeCost(analysis, { volume: volume.sizes, overlap: volume.overlap }) } : {}),
    ...(budget ? { verdicts: judge(analysis, memory, budget) } : {}),
    ...(spacing ? { spacing: spacing(analysis) } : spacingOfPipelines(checked)),
  };
}

/** The voxel size of the file's pipelines for a network, where they agree on one. */
function spacingOfPipelines(checked: CheckedNetwork): {
  readonly spacing?: Readonly<Record<string, number>>;
} {
  const [first, ...others] = checked.spacings();
  if (!first || others.some((other) => other.join() !== first.join())) return {};
  const axes = checked.graph.inputs[0]?.type.axes.slice(2) ?? [];
  return { spacing: Object.fromEntries(axes.map(({ name }, index) => [name, first[index] ?? 1])) };
}

/** Whether sizes of a network's inputs are open, so that there can only be formulas. */
export function isOpen(checked: CheckedNetwork): boolean {
  return openAxes(checked).length > 0;
}

/**
 * Finds a network's formulas. Fails with SLAB7007 where the counts are none.
 *
 * @param showType a type for people, with open sizes as simple as they can be said
 */
export function buildOpenReport(
  file: string,
  checked: CheckedNetwork,
  showType: (type: TensorType) => string,
): OpenReport {
  const { inputs, outputs } = checked.graph;
  const port = (name: string, { axes }: TensorType): OpenPort => ({
    name,
    type: showType({ axes }),
    axes: axes.map((axis) => axis.name),
    shape: axes.map(({ size }) => evaluateSize(size, checked.graph.bindings) ?? null),
  });
  return {
    file,
    formulas: formulas(checked),
    inputs: inputs.map(({ name, type }) => port(name, type)),
    outputs: outputs.map(({ name, value }) => port(name, value.type)),
  };
}

function judge(
  analysis: Analysis,
  memory: ScheduleMemory,
  limits: readonly BudgetLimit[],
): readonly BudgetVerdict[] {
  const quantities = quantitiesOf(analysis, memory);
  return judgeBudget(limits, (name) => quantities.get(name) ?? 0n);
}

function breakDown(
  analysis: Analysis,
  by: Grouping,
  depth: number | undefined,
  times: Roofline | undefined,
): Breakdown {
  const members = new Map<string, number[]>();
  analysis.layers.forEach((layer, index) => {
    const key = groupKey(layer, by, depth);
    const known = members.get(key);
    if (known) known.push(index);
    else members.set(key, [index]);
  });
  const groups = groupLayers(analysis, by, depth).map((group): BreakdownRow => {
    const indices = members.get(group.key) ?? [];
    const layers = indices.flatMap((index) => analysis.layers[index] ?? []);
    return { ...group, ...describe(layers), ...(times ? timeOf(times, indices) : {}) };
  });
  return { by, ...(by === "layer" && depth !== undefined ? { depth } : {}), groups };
}

/** What operations layers are, if they are not many kinds, and their output where all give the same. */
function describe(layers: readonly LayerCounts[]): Pick<BreakdownRow, "operations" | "output"> {
  const operations = [...new Set(layers.map(({ operation }) => operation))];
  const output = layers[0]?.output ?? [];
  const same = layers.every((layer) => showShape(layer.output) === showShape(output));
  return { operations: operations.length <= 2 ? operations.join(", ") : "", ...(same ? { output } : {}) };
}

function timeOf({ layers }: Roofline, indices: readonly number[]): Pick<BreakdownRow, "seconds" | "bound"> {
  const own = indices.flatMap((index) => layers[index] ?? []);
  const sum = (bound?: string) =>
    own.reduce((seconds, layer) => seconds + (!bound || layer.bound === bound ? layer.seconds : 0), 0);
  const seconds = sum();
  if (seconds === 0) return { seconds, bound: "nothing" };
  return { seconds, bound: sum("compute") >= sum("memory") ? "compute" : "memory" };
}
