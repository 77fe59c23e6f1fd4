import type { Node } from "../graph/graph.js";

/** What a node computes with which weights, as a text; of nodes with the same text, inputs alone may differ. */
export function signatureOf({ operation, attributes, parameters, inputs }: Node): string {
  const weights = Object.entries(parameters).map(([role, { path }]) => `${role}=${path}`);
  return `${operation.name}(${JSON.stringify(attributes)}) ${weights.join()} of ${inputs.length}`;
}
