import { showType } from "../../../src/compiler/graph/tensor.js";
import {
  type CheckedNetwork,
  checkNetwork,
  type Host,
  type NetworkOptions,
  type TensorType,
} from "../../../src/compiler/index.js";
import { repositoryHost } from "../../support/host.js";

/** Checks a program that is only a text; it can use the standard library. */
export function check(text: string, options: NetworkOptions = {}): CheckedNetwork {
  const host: Host = { ...repositoryHost, read: (path) => (path === "test.slab" ? text : undefined) };
  return checkNetwork("test.slab", host, options);
}

/** A network of this body over a volume with one channel. */
export function network(body: string, parameters = "", before = ""): string {
  return `${before}\nnetwork Net${parameters} {\n  input volume: float[n, c: 1, x, y, z]\n${body}\n}\n`;
}

export function paths({ graph }: CheckedNetwork): string[] {
  return graph.parameters.map(({ path }) => path);
}

/** The types of all nodes under the network's own sizes, by name. */
export function types({ graph }: CheckedNetwork, bindings = graph.bindings): Record<string, string> {
  const show = (type: TensorType) => showType(type, bindings);
  return Object.fromEntries(graph.nodes.map(({ name, type }) => [name, show(type)]));
}

/** The type of the only output. */
export function outputType({ graph }: CheckedNetwork): string {
  return graph.outputs.map(({ value }) => showType(value.type, graph.bindings)).join();
}
