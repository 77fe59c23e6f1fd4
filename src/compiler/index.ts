/** Slab's compiler as a library: check a text, look at its graph, emit ONNX. Runs in a browser as well as in Node. */
export type * from "./analyze/analysis.js";
export { type AnalyzableNetwork, analyze, openAxes } from "./analyze/analyze.js";
export { type Arithmetic, arithmeticOf } from "./analyze/arithmetic.js";
export { judgeBudget, parseBudget } from "./analyze/budget.js";
export { compareLayers } from "./analyze/compare.js";
export { devices } from "./analyze/devices.js";
export { evaluateFormula, formulas } from "./analyze/formulas.js";
export { groupKey, groupLayers, intensity } from "./analyze/groups.js";
export { levelsOf } from "./analyze/levels.js";
export { memory } from "./analyze/memory.js";
export { measure, type Quantity, quantities, quantitiesOf } from "./analyze/quantities.js";
export { receptiveField } from "./analyze/receptive-field.js";
export { roofline } from "./analyze/roofline.js";
export { viewsOf } from "./analyze/views.js";
export { type VolumeOptions, volumeCost } from "./analyze/volume.js";
export {
  type CheckedNetwork,
  type CompiledModel,
  checkFile,
  checkNetwork,
  emitModel,
  explainNetwork,
  type ModelOutput,
  type NetworkOptions,
  type NetworkVariants,
  openVariants,
  scheduledText,
} from "./compile.js";
export { type DeviceLimit, type LimitedDevice, limitedDevices } from "./device-limits.js";
export { type Diagnostic, type Note, type Place, SlabFailure } from "./diagnostics/diagnostic.js";
export { diagnosticToJson } from "./diagnostics/json.js";
export { renderDiagnostic, renderDiagnostics } from "./diagnostics/render.js";
export { describeFile } from "./documentation/declarations.js";
export { type Entry, type EntryMember, type ModuleEntry, showSignature } from "./documentation/entry.js";
export { describeLibrary, describeModules, type Library, lookUp } from "./documentation/library.js";
export type { ExplainedCase, ExplainedChoice, ExplainedPass, ScheduleExplanation } from "./explain.js";
export type { AppliedLayer, Graph, GraphInput, Node, Parameter, Value } from "./graph/graph.js";
export { evaluateSize, type Size, showSize } from "./graph/size.js";
export { type Axis, concreteShape, showType, type TensorType } from "./graph/tensor.js";
export { hasLabels } from "./labels.js";
export { escaped as markdownText } from "./ops/document.js";
export type { WeightSource } from "./read-weights.js";
export { parseSchedule } from "./schedule/parse.js";
export {
  type ChoiceName,
  choiceNames,
  choices,
  optionsOf,
  type PresetName,
  presetNames,
  presets,
  type Schedule,
  showSchedule,
} from "./schedule/schedule.js";
export { memoryOf } from "./schedule-memory.js";
export { equalAxes, otherRequirements, type SizeRequirement, sizeRequirements } from "./size-requirements.js";
export type { Host } from "./support/host.js";
export { formatSource } from "./syntax/format.js";
export { compilerVersion } from "./version.js";
export { renderMappingReport } from "./weights/match.js";
export { openTensorFile } from "./weights/open.js";
export { seededInput, seededTensor } from "./weights/seeded.js";
export { type ByteSource, bytesSource } from "./weights/source.js";
export type { StoredTensor, TensorFile } from "./weights/tensor-file.js";
