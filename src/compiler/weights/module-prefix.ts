import type { StoredTensor, TensorFile } from "./tensor-file.js";

const prefix = "module.";

/**
 * A file whose names all begin with the `module.` that PyTorch's DataParallel puts there, without it. As it is, where
 * names do not all begin so, or one of them is wanted with it.
 */
export function withoutModulePrefix(file: TensorFile, wanted: () => ReadonlySet<string>): TensorFile {
  const names = [...file.tensors.keys()];
  if (!names.every((name) => name.startsWith(prefix))) return file;
  const known = wanted();
  if (names.some((name) => known.has(name))) return file;
  const tensors = [...file.tensors.values()].map((tensor): [string, StoredTensor] => {
    const name = tensor.name.slice(prefix.length);
    return [name, { ...tensor, name }];
  });
  return { ...file, tensors: new Map(tensors) };
}
