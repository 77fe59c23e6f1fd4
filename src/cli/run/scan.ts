import {
  createProfile,
  type Grid,
  histogram,
  labelsSuffice,
  type MemoryWatch,
  modelShape,
  type Profile,
  parseMirror,
  readNiftiFile,
  segment,
  writeLabelMapFile,
  writePicture,
} from "../../runtime/index.js";
import type { RunNetwork } from "./network.js";
import type { RunSettings } from "./settings.js";

/** A scan and where its results go. */
export interface ScanJob {
  readonly scan: string;
  readonly output: string;
  readonly picture?: string;
}

export interface ScanResult {
  readonly grid: Grid;
  /** Voxels of each label, on the scan's grid. */
  readonly histogram: readonly number[];
  readonly tiles: number;
}

/** From scan to label map: reads, prepares, segments, restores, writes. A user's mistake is a SlabFailure. */
export async function runScan(
  { scan, output, picture }: ScanJob,
  network: RunNetwork,
  settings: RunSettings,
  watching: {
    readonly onProgress?: (done: number, total: number) => void;
    readonly profile?: Profile;
    readonly memory?: MemoryWatch | undefined;
    /** What the result says about itself. */
    readonly description?: string;
  },
): Promise<ScanResult> {
  const { profile = createProfile(), memory } = watching;
  // Neither the file's bytes nor, without a picture, the scan's voxels are needed while the network runs.
  const { prepared, header, grid, shown } = profile.during("read", () => {
    const volume = readNiftiFile(scan);
    const { header, grid } = volume;
    const prepared = profile.during("prepare", () => settings.preparation(volume, scan));
    return { prepared, header, grid, shown: picture === undefined ? undefined : volume };
  });
  const opening = performance.now();
  const { overlap, blend } = settings;
  const mirrored = (axes: readonly string[]) =>
    settings.mirror === undefined ? (settings.mirroring ?? []) : parseMirror(settings.mirror, axes);
  const model = await network.openFor(prepared.volume.size, (tile, axes) => {
    const use = { overlap, blend, mirror: mirrored(axes), collect: prepared.collect };
    return labelsSuffice(prepared.volume.size, tile, use);
  });
  profile.add("open", performance.now() - opening);
  memory?.restart();
  const { axes, classes } = modelShape(model.manifest, model.name);
  const { labels, tiles } = await segment(prepared.volume, model, {
    overlap,
    blend,
    pad: settings.pad,
    mirror: mirrored(axes),
    collect: prepared.collect,
    profile,
    memory,
    ...(watching.onProgress ? { onProgress: watching.onProgress } : {}),
  });
  const restored = profile.during("restore", () => (prepared.collect ? labels : prepared.restore(labels)));
  profile.during("write", () => writeLabelMapFile(output, restored, { header, grid }, watching.description));
  if (picture !== undefined && shown) {
    const drawing = performance.now();
    await writePicture(picture, shown, shown.data, restored, settings.picture);
    profile.add("write", performance.now() - drawing);
  }
  return { grid, tiles, histogram: histogram(restored, Math.max(2, classes)) };
}
