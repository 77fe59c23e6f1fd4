/** NIfTI files built field by field from the standard (nifti1.h, nifti2.h), apart from the code under test. */

export interface Recipe {
  version?: 1 | 2;
  little?: boolean;
  dims?: number[];
  pixdim?: number[];
  datatype?: number;
  offset?: number;
  slope?: number;
  intercept?: number;
  units?: number;
  qformCode?: number;
  sformCode?: number;
  quaternion?: number[];
  offsets?: number[];
  sform?: number[][];
  magic?: string;
  sizeof?: number;
  extension?: Uint8Array;
  /** The voxels' bytes, in the recipe's byte order. */
  voxels?: Uint8Array;
}

export const identity = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
];

export function buildNifti(recipe: Recipe = {}): Uint8Array {
  const { version = 1, little = true, extension = new Uint8Array() } = recipe;
  const least = (version === 1 ? 352 : 544) + extension.length;
  const voxels = recipe.voxels ?? new Uint8Array(24);
  const bytes = new Uint8Array(least + voxels.length);
  const view = new DataView(bytes.buffer);
  const dims = recipe.dims ?? [3, 2, 3, 4, 1, 1, 1, 1];
  const pixdim = recipe.pixdim ?? [1, 1, 1, 1, 0, 0, 0, 0];
  const quaternion = [...(recipe.quaternion ?? [0, 0, 0]), ...(recipe.offsets ?? [0, 0, 0])];
  const sform = (recipe.sform ?? identity).flat();
  const magic = recipe.magic ?? (version === 1 ? "n+1\0" : "n+2\0\r\n\u001a\n");
  const scaling = [recipe.slope ?? 0, recipe.intercept ?? 0];
  const datatype = recipe.datatype ?? 2;
  const offset = recipe.offset ?? least;
  if (version === 1) {
    view.setInt32(0, recipe.sizeof ?? 348, little);
    for (const [index, size] of dims.entries()) view.setInt16(40 + 2 * index, size, little);
    view.setInt16(70, datatype, little);
    for (const [index, value] of pixdim.entries()) view.setFloat32(76 + 4 * index, value, little);
    view.setFloat32(108, offset, little);
    for (const [index, value] of scaling.entries()) view.setFloat32(112 + 4 * index, value, little);
    view.setUint8(123, recipe.units ?? 2);
    view.setInt16(252, recipe.qformCode ?? 0, little);
    view.setInt16(254, recipe.sformCode ?? 1, little);
    for (const [index, value] of quaternion.entries()) view.setFloat32(256 + 4 * index, value, little);
    for (const [index, value] of sform.entries()) view.setFloat32(280 + 4 * index, value, little);
    bytes.set(Buffer.from(magic, "latin1"), 344);
  } else {
    view.setInt32(0, recipe.sizeof ?? 540, little);
    bytes.set(Buffer.from(magic, "latin1"), 4);
    view.setInt16(12, datatype, little);
    for (const [index, size] of dims.entries()) view.setBigInt64(16 + 8 * index, BigInt(size), little);
    for (const [index, value] of pixdim.entries()) view.setFloat64(104 + 8 * index, value, little);
    view.setBigInt64(168, BigInt(offset), little);
    for (const [index, value] of scaling.entries()) view.setFloat64(176 + 8 * index, value, little);
    view.setInt32(344, recipe.qformCode ?? 0, little);
    view.setInt32(348, recipe.sformCode ?? 1, little);
    for (const [index, value] of quaternion.entries()) view.setFloat64(352 + 8 * index, value, little);
    for (const [index, value] of sform.entries()) view.setFloat64(400 + 8 * index, value, little);
    view.setInt32(500, recipe.units ?? 2, little);
  }
  if (extension.length > 0) {
    bytes[version === 1 ? 348 : 540] = 1;
    bytes.set(extension, version === 1 ? 352 : 544);
  }
  bytes.set(voxels, least);
  return bytes;
}
