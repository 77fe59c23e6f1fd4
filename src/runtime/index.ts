/** Running compiled networks over volumes. */
export { MANIFEST_KEY, type Manifest, type Port, readManifest, readModelFile } from "./manifest.js";
export { type MeasuredDevice, type MeasureOptions, measureDevice } from "./measure.js";
export { drawPicture, type PictureOptions, writePicture } from "./picture/picture.js";
export { modelShape, type Segmentation, type SegmentOptions, segment } from "./segment.js";
export { createProgress, type Progress, type ProgressStream } from "./session/progress.js";
export { type Model, type ModelSource, type OpenOptions, openModel } from "./session/session.js";
export type { Pad } from "./tiling/extract.js";
export type { Labels } from "./tiling/labels.js";
export { parseBlend, parseOverlap, parsePad } from "./tiling/options.js";
export type { Blend } from "./tiling/weights.js";
export { writeFileAtomically } from "./volume/files.js";
export { applyIntensity, type Intensity, parseIntensity } from "./volume/intensity.js";
export { makePhantom } from "./volume/phantom.js";
export { readNifti, readNiftiFile } from "./volume/read-nifti.js";
export type { Grid, Volume } from "./volume/volume.js";
export { encodeLabelMap, encodeVolume, writeLabelMapFile } from "./volume/write-nifti.js";
