import {
  bigEndian,
  damagedFile,
  noTensors,
  noTorchPickle,
  overLimit,
  refusedGlobal,
  shownCount,
  shownName,
  tensorOutside,
  tensorSizeMismatch,
  unsupportedElementType,
} from "../diagnostics/catalogue/weights.js";
import { fail } from "../diagnostics/diagnostic.js";
import { bytesPerElement, decodeElements } from "./element-types.js";
import { GlobalName, Opaque, type PickleBuilders, type PickleDict, readPickle } from "./pickle.js";
import type { ByteSource } from "./source.js";
import { elementCount, type StoredTensor, type TensorFile } from "./tensor-file.js";
import { openZip, type ZipArchive, type ZipEntry } from "./zip.js";

/** The largest data.pkl Slab reads: names and shapes of a million tensors take about this much. */
const pickleLimit = 100_000_000;
/** Views that repeat their storage (`expand`) may be larger than it, up to this many values. */
const expandedLimit = 4_194_304;
const axesLimit = 64;

/** A stretch of values in the archive, which tensors are views of. */
class Storage {
  constructor(
    readonly key: string,
    /** Undefined where the storage is bytes and each tensor says its type. */
    readonly dtype: string | undefined,
    /** Values, or bytes where there is no type. */
    readonly size: number,
  ) {}
}

/** A view of a storage, as the pickle says it; nothing of it is checked against the archive yet. */
class TensorView {
  constructor(
    readonly storage: Storage,
    readonly dtype: string,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
    /** Whether its values are those of the storage with the other sign. */
    readonly isNegated: boolean,
  ) {}
}

const storageTypes: ReadonlyMap<string, string> = new Map([
  ["Float", "float32"],
  ["Double", "float64"],
  ["Half", "float16"],
  ["BFloat16", "bfloat16"],
  ["Long", "int64"],
  ["Int", "int32"],
  ["Short", "int16"],
  ["Char", "int8"],
  ["Byte", "uint8"],
  ["Bool", "bool"],
]);
const untypedStorages: ReadonlySet<string> = new Set([
  "torch.storage.UntypedStorage",
  "torch.UntypedStorage",
]);
const typedStorage = /^torch\.(?:cuda\.)?(\w+)Storage$/;
const elementTypeName = /^torch\.([a-z]+\d*\w*)$/;

const tensorBuilders: ReadonlySet<string> = new Set([
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor_v3",
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
]);

/** What training scripts put beside the weights. Their values are passed over, not made. */
const passedOver: ReadonlySet<string> = new Set([
  "torch.Size",
  "torch.device",
  "torch.serialization._get_layout",
  "numpy.dtype",
  "numpy.ndarray",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "_codecs.encode",
  "builtins.set",
  "__builtin__.set",
]);

/** PyTorch's names of element types: those Slab reads and those it says it does not. */
const elementTypes: ReadonlySet<string> = new Set(
  "float32 float64 float16 bfloat16 int64 int32 int16 int8 uint64 uint32 uint16 uint8 bool complex32 complex64 complex128 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz".split(
    " ",
  ),
);

function elementType(name: string): string | undefined {
  const type = elementTypeName.exec(name)?.[1];
  return type !== undefined && elementTypes.has(type) ? type : undefined;
}

function damaged(found: string, path: string): never {
  return fail(damagedFile, { format: "PyTorch checkpoint", found }, { path });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= axesLimit && value.every(isCount);
}

function readStorage(identity: unknown, path: string): Storage {
  if (!Array.isArray(identity)) return damaged("a storage without an identity", path);
  const [tag, type, key, , size] = identity as unknown[];
  if (tag !== "storage" || !(type instanceof GlobalName) || typeof key !== "string" || !isCount(size)) {
    return damaged("a storage without a type, a name or a size", path);
  }
  if (untypedStorages.has(type.name)) return new Storage(key, undefined, size);
  const dtype = storageTypes.get(typedStorage.exec(type.name)?.[1] ?? "");
  if (dtype === undefined) return fail(unsupportedElementType, { found: type.name }, { path });
  return new Storage(key, dtype, size);
}

function readTensorView(name: string, args: readonly unknown[], path: string): TensorView {
  if (name.startsWith("torch._utils._rebuild_parameter")) {
    return args[0] instanceof TensorView ? args[0] : damaged("a parameter without a tensor", path);
  }
  const [storage, offset, shape, strides] = args;
  if (
    !(storage instanceof Storage) ||
    !isCount(offset) ||
    !areCounts(shape) ||
    !areCounts(strides) ||
    strides.length !== shape.length
  ) {
    return damaged("a tensor without a storage, an offset, a shape or strides", path);
  }
  const named = args[6];
  const dtype = storage.dtype ?? (named instanceof GlobalName ? elementType(named.name) : undefined);
  if (dtype === undefined || bytesPerElement(dtype) === undefined) {
    return fail(unsupportedElementType, { found: dtype ?? "bytes without a type" }, { path });
  }
  // The stride of an axis of size 1 leads nowhere, and may be anything.
  const steps = strides.map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  // `_rebuild_tensor_v3` has the element type before it.
  const metadata = args[name.endsWith("_v3") ? 7 : 6];
  const isNegated = metadata instanceof Map && metadata.get("neg") === true;
  return new TensorView(storage, dtype, offset, shape, steps, isNegated);
}

/** What a checkpoint's pickle may name, and what becomes of it. */
function torchBuilders(path: string): PickleBuilders {
  return {
    admit: (name) => {
      const known =
        name === "collections.OrderedDict" ||
        tensorBuilders.has(name) ||
        typedStorage.test(name) ||
        untypedStorages.has(name) ||
        elementType(name) !== undefined ||
        passedOver.has(name);
      if (!known) fail(refusedGlobal, { global: name }, { path });
    },
    construct: (name, args) => {
      if (tensorBuilders.has(name)) return readTensorView(name, args, path);
      if (passedOver.has(name)) return new Opaque();
      if (name !== "collections.OrderedDict") return damaged(`a call of \`${shownName(name)}\``, path);
      // Its items follow one by one. A list of them could be used over and over, and cost more than the file's length.
      if (args.length > 0) return damaged("a dictionary that is not made item by item", path);
      return new Map();
    },
    external: (identity) => readStorage(identity, path),
  };
}

/** Where training scripts keep the weights among other things. */
const weightKeys = ["state_dict", "model_state_dict", "network_weights", "model", "net"] as const;

/** The tensors by name: those under one of the usual keys, else those at hand. */
function findTensors(value: unknown, depth = 0): Map<string, TensorView> {
  const found = new Map<string, TensorView>();
  if (!(value instanceof Map) || depth > 2) return found;
  for (const key of weightKeys) {
    const inner = findTensors((value as PickleDict).get(key), depth + 1);
    if (inner.size > 0) return inner;
  }
  for (const [key, item] of value as PickleDict) {
    if (typeof key === "string" && item instanceof TensorView) found.set(key, item);
  }
  return found;
}

/** Copies a view's values out of a stretch of its storage in row-major order. */
function gather(values: Float32Array, shape: readonly number[], strides: readonly number[]): Float32Array {
  const target = new Float32Array(elementCount(shape));
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let i = 0; i < target.length; i++) {
    target[i] = values[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      from -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return target;
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis] as number;
  }
  return true;
}

/** Checks a view against its storage and the storage against its entry, and makes it readable. */
function storedTensor(
  name: string,
  tensor: TensorView,
  entry: ZipEntry | undefined,
  archive: ZipArchive,
  path: string,
): StoredTensor {
  const { storage, dtype, offset, shape, strides, isNegated } = tensor;
  const bytes = bytesPerElement(dtype) ?? 0;
  if (!entry) return damaged(`no values for tensor \`${shownName(name)}\``, path);
  const needed = storage.size * (storage.dtype === undefined ? 1 : bytes);
  if (entry.size !== needed) {
    fail(tensorSizeMismatch, { tensor: name, shape, dtype, needed, found: entry.size }, { path });
  }
  const held = Math.floor(entry.size / bytes);
  const count = elementCount(shape);
  if (!(count <= Math.max(held, expandedLimit))) {
    const what = `tensor \`${shownName(name)}\``;
    fail(overLimit, { what, found: count, limit: Math.max(held, expandedLimit), unit: "values" }, { path });
  }
  // From the first to the last value that the view touches.
  const span =
    count === 0 ? 0 : shape.reduce((last, size, axis) => last + (size - 1) * (strides[axis] as number), 1);
  if (!(span === 0 || offset <= held - span)) {
    const found = `values ${shownCount(offset)} to ${shownCount(offset + span)} of ${shownCount(held)}`;
    fail(tensorOutside, { tensor: name, found, room: entry.size }, { path });
  }
  return {
    name,
    shape,
    dtype,
    read: () => {
      if (span === 0) return new Float32Array(0);
      const values = decodeElements(archive.read(entry, offset * bytes, span * bytes), dtype);
      const ordered = isRowMajor(shape, strides) ? values : gather(values, shape, strides);
      return isNegated ? ordered.map((value) => -value) : ordered;
    },
  };
}

/** PyTorch notes the byte order of the machine that saved; before 2.1 it did not, and it was little. */
function checkByteOrder(archive: ZipArchive, entry: ZipEntry | undefined, path: string): void {
  if (!entry) return;
  const found =
    entry.size > 16 ? "a long text" : new TextDecoder().decode(archive.read(entry, 0, entry.size));
  if (found !== "little") fail(bigEndian, { found }, { path });
}

/**
 * Opens a PyTorch checkpoint: a zip archive with a pickle `data.pkl` that says which tensors there are, and their values
 * in one entry per storage. The pickle is read as data and never executed; what it may name is listed above, and any other
 * name is a diagnostic. Reads names and shapes only.
 */
export function openTorchZip(source: ByteSource, path: string): TensorFile {
  const archive = openZip(source, path);
  const pickles = [...archive.entries.values()].filter(({ name }) => /^(?:[^/]+\/)?data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (!pickle || pickles.length > 1)
    return fail(noTorchPickle, { found: [...archive.entries.keys()] }, { path });
  const folder = pickle.name.slice(0, -"data.pkl".length);
  checkByteOrder(archive, archive.entries.get(`${folder}byteorder`), path);
  if (pickle.size > pickleLimit) {
    const what = "the checkpoint's pickle";
    fail(overLimit, { what, found: pickle.size, limit: pickleLimit, unit: "bytes" }, { path });
  }
  const value = readPickle(archive.read(pickle, 0, pickle.size), torchBuilders(path), path);
  const views = findTensors(value);
  if (views.size === 0) {
    const keys = value instanceof Map ? [...value.keys()].filter((key) => typeof key === "string") : [];
    return fail(noTensors, { keys }, { path });
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, view] of views) {
    const entry = archive.entries.get(`${folder}data/${view.storage.key}`);
    tensors.set(name, storedTensor(name, view, entry, archive, path));
  }
  return { format: "torch", tensors };
}
