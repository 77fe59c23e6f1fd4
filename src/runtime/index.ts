/** Running compiled networks over volumes. */
export {
  type Device,
  deviceName,
  devices,
  type Missing,
  parseDevice,
  parseNamedDevice,
} from "./devices/device.js";
export { hasGraphicsCard } from "./devices/missing-for-webgpu.js";
export {
  type Candidate,
  candidates,
  missingFor,
  openOnFirst,
  requireDevice,
} from "./devices/open-on-device.js";
export { greatestDeviation, type ProbeReport, probeDevice } from "./devices/probe-device.js";
export { type LabelMap, readLabelMap } from "./labels/label-map.js";
export type { LabelNames } from "./labels/names.js";
export { pipelineNames } from "./labels/pipeline-names.js";
export { MANIFEST_KEY, type Manifest, type Port, readManifest, readModelFile } from "./manifest.js";
export { type MeasuredDevice, type MeasureOptions, measureDevice, productModel } from "./measure.js";
export { type MemoryWatch, parseMemory, watchMemory } from "./memory.js";
export { type CompareOptions, compareLabelMaps, type LabelMetrics } from "./metrics/compare.js";
export type { DefinitionName } from "./metrics/definitions.js";
export { drawPicture, type PictureOptions, writePicture } from "./picture/picture.js";
export { parsePipeline } from "./pipeline.js";
export {
  type NetworkVolume,
  type Preparation,
  type PreparedScan,
  scaleOnly,
} from "./preparation.js";
export { preparePipeline, type ScanPipeline } from "./prepare.js";
export { createProfile, type Profile, type Stage, stages } from "./profile.js";
export { modelShape, type Segmentation, type SegmentOptions, segment, type Tiling } from "./segment.js";
export { createProgress, type Progress, type ProgressStream } from "./session/progress.js";
export { type Model, type ModelSource, type OpenOptions, openModel } from "./session/session.js";
export type { Pad } from "./tiling/extract.js";
export { labelsSuffice, type ScoreUse } from "./tiling/label-tiles.js";
export { histogram, type Labels } from "./tiling/labels.js";
export { choose, parseBlend, parseMirror, parseOverlap, parsePad } from "./tiling/options.js";
export type { Blend } from "./tiling/weights.js";
export type { Collector, FinishedPlanes } from "./tiling/window.js";
export { writeFileAtomically } from "./volume/files.js";
export { applyIntensity, type Intensity, parseIntensity } from "./volume/intensity.js";
export { makePhantom } from "./volume/phantom.js";
export { readNifti, readNiftiFile } from "./volume/read-nifti.js";
export type { Grid, Volume } from "./volume/volume.js";
export {
  encodeLabelMap,
  encodeVolume,
  labelMapDescription,
  writeLabelMapFile,
} from "./volume/write-nifti.js";
