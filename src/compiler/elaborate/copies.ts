import type { AppliedLayer, Value as GraphValue, Node } from "../graph/graph.js";
import { sameSize } from "../graph/size.js";
import type { TensorType } from "../graph/tensor.js";
import type { Construction } from "./state.js";
import type { Value } from "./values.js";

/** What an application of a layer depends on besides its place in the text. */
export interface Application {
  readonly applied: AppliedLayer;
  /** The elements of comprehensions that it is seen through. */
  readonly tags: readonly string[];
  /** Its arguments and its input. */
  readonly locals: ReadonlyMap<string, Value>;
}

interface Original extends Application {
  readonly nodes: readonly Node[];
  readonly value: Value;
}

/**
 * Elements of a comprehension apply a layer to tensors of one type more often than not, as views do. Its body then comes
 * to the same operations, so it is evaluated once and copied for the other elements.
 */
export class Copies {
  private readonly originals = new Map<string, Original>();

  constructor(private readonly construction: Construction) {}

  /** Keeps what an application came to: the nodes from an index on. */
  keep(identity: string, application: Application, from: number, value: Value): void {
    if (isCopied(value)) {
      const nodes = this.construction.nodes.slice(from);
      this.originals.set(identity, { ...application, nodes, value });
    }
  }

  /** What an application comes to, if one with the same identity took the same arguments, and tensors of the same types. */
  of(identity: string, { applied, tags, locals }: Application): Value | undefined {
    const original = this.originals.get(identity);
    if (!original || original.locals.size !== locals.size) return undefined;
    const copies = new Map<GraphValue, GraphValue>();
    for (const [name, value] of original.locals) {
      const other = locals.get(name);
      if (!other || !corresponds(value, other, copies)) return undefined;
    }
    const layers = new Map([[original.applied, applied]]);
    for (const node of original.nodes) {
      const inputs = node.inputs.map((input) => copies.get(input) ?? input);
      const within = node.within && copyOfLayer(node.within, layers);
      copies.set(node, this.construction.copy(node, inputs, tags, original.tags.length, within));
    }
    return copyOfValue(original.value, copies);
  }
}

/** Whether a value of one element is the other's, but for tensors: which stands for which is noted. */
function corresponds(a: Value, b: Value, copies: Map<GraphValue, GraphValue>): boolean {
  if (a.kind === "tensor" && b.kind === "tensor") {
    const known = copies.get(a.tensor);
    if (a.members || b.members || (known && known !== b.tensor)) return false;
    copies.set(a.tensor, b.tensor);
    return sameAxes(a.tensor.type, b.tensor.type);
  }
  if (a.kind === "list" && b.kind === "list") {
    if (a.members || b.members || a.elements.length !== b.elements.length) return false;
    return a.elements.every((element, index) => corresponds(element, b.elements[index] as Value, copies));
  }
  if (a.kind === "layer" && b.kind === "layer") {
    if (a.declaration !== b.declaration || a.shared !== b.shared || a.bound.size !== b.bound.size)
      return false;
    return [...a.bound].every(([name, { value }]) => {
      const other = b.bound.get(name);
      return other !== undefined && corresponds(value, other.value, copies);
    });
  }
  if (a.kind === "int" && b.kind === "int") return sameSize(a.size, b.size);
  if (a.kind === "ratio" && b.kind === "ratio") {
    return a.ratio.numerator === b.ratio.numerator && a.ratio.denominator === b.ratio.denominator;
  }
  if ((a.kind === "bool" || a.kind === "float" || a.kind === "string") && a.kind === b.kind) {
    return a.value === b.value;
  }
  if (a.kind === "size" && b.kind === "size") return `${a.sizes}` === `${b.sizes}`;
  // Tensors in anything else would not be noted.
  return a === b && a.kind !== "outputs" && a.kind !== "family";
}

function sameAxes(a: TensorType, b: TensorType): boolean {
  return (
    a.axes.length === b.axes.length &&
    a.axes.every(({ name, size }, index) => {
      const other = b.axes[index];
      return other !== undefined && name === other.name && sameSize(size, other.size);
    })
  );
}

function copyOfLayer(layer: AppliedLayer, copies: Map<AppliedLayer, AppliedLayer>): AppliedLayer {
  const known = copies.get(layer);
  if (known) return known;
  const copy = layer.within ? { ...layer, within: copyOfLayer(layer.within, copies) } : layer;
  copies.set(layer, copy);
  return copy;
}

function isCopied(value: Value): boolean {
  if (value.kind === "list") return !value.members && value.elements.every(isCopied);
  return value.kind === "tensor" && [...(value.members?.values() ?? [])].every(isCopied);
}

function copyOfValue(value: Value, copies: ReadonlyMap<GraphValue, GraphValue>): Value {
  if (value.kind === "list") {
    return { ...value, elements: value.elements.map((element) => copyOfValue(element, copies)) };
  }
  if (value.kind !== "tensor") return value;
  const { tensor, members } = value;
  const own = copies.get(tensor) ?? tensor;
  if (!members) return { ...value, tensor: own };
  const entries = [...members].map(([name, member]) => [name, copyOfValue(member, copies)] as const);
  return { ...value, tensor: own, members: new Map(entries) };
}
