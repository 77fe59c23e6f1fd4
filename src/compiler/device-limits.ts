import { lowerNodes } from "./emit/onnx/builder.js";
import type { Graph } from "./graph/graph.js";

/** Devices of ONNX Runtime that do not have everything a network may need. */
export const limitedDevices = ["webgpu"] as const;
export type LimitedDevice = (typeof limitedDevices)[number];

/** ONNX nodes that a device does not compute. */
export interface DeviceLimit {
  readonly kind: "fails" | "elsewhere";
  /** What they have in common and what becomes of them. */
  readonly text: string;
  readonly nodes: readonly string[];
}

interface LoweredNode {
  readonly operator: string;
  /** Axes of a kernel; 0 without one. */
  readonly kernelAxes: number;
  readonly groups: number;
}

/** Of ONNX Runtime 1.30, as it was tried. */
const webgpu: readonly (Omit<DeviceLimit, "nodes"> & { readonly applies: (node: LoweredNode) => boolean })[] =
  [
    {
      kind: "fails",
      text: "ConvTranspose over three axes: upsample=pointwise does without, where kernel = stride",
      applies: ({ operator, kernelAxes }) => operator === "ConvTranspose" && kernelAxes === 3,
    },
    {
      kind: "fails",
      text: "Conv over three axes with groups: groups=split does without",
      applies: ({ operator, kernelAxes, groups }) => operator === "Conv" && kernelAxes === 3 && groups > 1,
    },
    {
      kind: "elsewhere",
      text: "GridSample: computed on the CPU, where its inputs are copied to; sampling=gathered does without",
      applies: ({ operator }) => operator === "GridSample",
    },
  ];

/** What of a network, as it is emitted, WebGPU does not compute. All sizes must be bound. */
export function webgpuLimits(graph: Graph): readonly DeviceLimit[] {
  const nodes = lowerNodes(graph).nodes.map(({ name, opType, attribute }) => {
    const called = (wanted: string) => attribute?.find((item) => item.name === wanted);
    const lowered: LoweredNode = {
      operator: opType ?? "",
      kernelAxes: called("kernel_shape")?.ints?.length ?? 0,
      groups: Number(called("group")?.i ?? 1),
    };
    return { name: name ?? "", lowered };
  });
  return webgpu.flatMap(({ kind, text, applies }) => {
    const found = nodes.filter(({ lowered }) => applies(lowered)).map(({ name }) => name);
    return found.length > 0 ? [{ kind, text, nodes: found }] : [];
  });
}
