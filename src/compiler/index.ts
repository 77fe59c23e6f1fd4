/** Slab's compiler as a library: check a text, look at its graph, emit ONNX. Runs in a browser as well as in Node. */
export {
  type CheckedNetwork,
  type CompiledModel,
  checkFile,
  checkNetwork,
  emitModel,
  type NetworkOptions,
  type WeightSource,
} from "./compile.js";
export { type Diagnostic, type Note, type Place, SlabFailure } from "./diagnostics/diagnostic.js";
export { diagnosticToJson } from "./diagnostics/json.js";
export { renderDiagnostic, renderDiagnostics } from "./diagnostics/render.js";
export type { Graph, GraphInput, Node, Parameter, Value } from "./graph/graph.js";
export { evaluateSize, type Size, showSize } from "./graph/size.js";
export { type Axis, concreteShape, showType, type TensorType } from "./graph/tensor.js";
export { type SizeRequirement, sizeRequirements } from "./size-requirements.js";
export type { Host } from "./support/host.js";
export { formatSource } from "./syntax/format.js";
export { compilerVersion } from "./version.js";
export { renderMappingReport } from "./weights/match.js";
export { openTensorFile } from "./weights/open.js";
export { seededInput, seededTensor } from "./weights/seeded.js";
export { type ByteSource, bytesSource } from "./weights/source.js";
export type { StoredTensor, TensorFile } from "./weights/tensor-file.js";
