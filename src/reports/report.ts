import type {
  Analysis,
  AxisExtent,
  BudgetVerdict,
  ConventionName,
  Group,
  Grouping,
  NetworkComparison,
  NetworkFormulas,
  Roofline,
  ScheduleMemory,
  VolumeCost,
} from "../compiler/index.js";

/** One network, counted for one choice of settings and sizes, with what was asked about it besides. */
export interface Report {
  readonly file: string;
  readonly analysis: Analysis;
  /** Of the schedule that was asked for. */
  readonly memory: ScheduleMemory;
  /** Of every preset, that which was asked for first. Computed where it is shown: it takes as long as all else. */
  schedules(): readonly ScheduleMemory[];
  /** In the order in which they were asked for; the totals are there without. */
  readonly breakdowns: readonly Breakdown[];
  /** Whose rule counts the operations: `exact` is Slab's own. */
  readonly convention: ConventionName | "exact";
  /** Where a device was named. */
  readonly roofline?: Roofline;
  /** Where a volume was named. */
  readonly volume?: VolumeCost;
  /** Where a budget was given. */
  readonly verdicts?: readonly BudgetVerdict[];
  /** Millimetres from voxel to voxel, by axis, where the spacing was given. */
  readonly spacing?: Readonly<Record<string, number>>;
}

/** The counts by parts of the network. */
export interface Breakdown {
  readonly by: Grouping;
  /** For layers: to how many names of a path they are gathered; without it each path stands for itself. */
  readonly depth?: number;
  readonly groups: readonly BreakdownRow[];
}

export interface BreakdownRow extends Group {
  /** Seconds that the device needs at least, where one was named. */
  readonly seconds?: number;
  /** By which the device is bounded for most of them. */
  readonly bound?: "compute" | "memory" | "nothing";
  /** The layers' operations, if they are one or two; and their output where all give the same. */
  readonly operations?: string;
  readonly output?: readonly AxisExtent[];
}

/** A network whose input has open sizes: formulas in them. */
export interface OpenReport {
  readonly file: string;
  readonly formulas: NetworkFormulas;
  readonly inputs: readonly OpenPort[];
  readonly outputs: readonly OpenPort[];
}

/** An input or output, with null for a size that is open. */
export interface OpenPort {
  readonly name: string;
  /** `float[n, c: 16, x, y, z]`. */
  readonly type: string;
  readonly axes: readonly string[];
  readonly shape: readonly (number | null)[];
}

/** What one of several networks side by side is: everything by which it may differ from the others. */
export interface Variant {
  readonly file: string;
  readonly network: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Its inputs with their sizes: `volume 1x1x96x96x96`. */
  readonly input: string;
}

/** Two networks, what became of the first's layers in the second, and what that cost. */
export interface DifferenceReport {
  readonly before: Variant;
  readonly after: Variant;
  readonly comparison: NetworkComparison;
  /** Whether layers are listed that did not change. */
  readonly all: boolean;
}

/** `float[n: 1, c: 16, x: 128, y: 128, z: 128]`. */
export function showAxes(axes: readonly AxisExtent[]): string {
  return `float[${axes.map(({ axis, size }) => `${axis}: ${size}`).join(", ")}]`;
}

/** `1x16x128x128x128`. */
export function showShape(axes: readonly AxisExtent[]): string {
  return axes.map(({ size }) => String(size)).join("x");
}

/** `classes = 16, fold = 1/4`, or `none`. */
export function showSettings(settings: Readonly<Record<string, string>>): string {
  const all = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return all.length === 0 ? "none" : all.join(", ");
}

/** The first sentence of a network's documentation, for one line below its name. */
export function summaryOf(documentation: string): string | undefined {
  const [paragraph = ""] = documentation.trim().split(/\n\s*\n/);
  const text = paragraph.replace(/\s+/g, " ");
  return text === "" ? undefined : (/^.*?[.!?](?=\s+[A-Z]|$)/.exec(text)?.[0] ?? text);
}
