import { duplicateTensor, overLimit, unsupportedOpcode } from "../diagnostics/catalogue/weights.js";
import { fail } from "../diagnostics/diagnostic.js";
import { PickleReader } from "./pickle-reader.js";

/** A class or function that a pickle names. It is a name here, never the thing itself. */
export class GlobalName {
  constructor(readonly name: string) {}
}

/** Whatever a pickle builds that plain data can't hold and weights don't need. */
export class Opaque {}

export type PickleDict = Map<unknown, unknown>;

/** What the caller makes of the constructors that it knows. Nothing is executed: these return data. */
export interface PickleBuilders {
  /** Refuses a name that is not known; called for each before anything is made of it. */
  admit(name: string): void;
  /** The value of calling a known constructor. */
  construct(name: string, args: readonly unknown[]): unknown;
  /** The value that lies outside the pickle under this identity. */
  external(identity: unknown): unknown;
}

/** Limits that no checkpoint of weights comes near. */
const opcodeLimit = 10_000_000;
const markLimit = 1000;

/** The stack of a pickle machine. Reaching below its bottom or the last mark means that the pickle is damaged. */
class Stack {
  private readonly items: unknown[] = [];
  private readonly marks: number[] = [];

  constructor(
    private readonly reader: PickleReader,
    private readonly path: string,
  ) {}

  push(item: unknown): void {
    this.items.push(item);
  }

  /** Takes off the topmost `count` items, in the order they were pushed. */
  take(count: number): unknown[] {
    if (this.items.length - count < (this.marks.at(-1) ?? 0))
      this.reader.damaged("takes more than it has made");
    return this.items.splice(this.items.length - count, count);
  }

  pop(): unknown {
    return this.take(1)[0];
  }

  top(): unknown {
    if (this.items.length === 0) this.reader.damaged("uses a value it has not made");
    return this.items.at(-1);
  }

  mark(): void {
    if (this.marks.length >= markLimit) {
      const what = "the nesting of the checkpoint's pickle";
      fail(
        overLimit,
        { what, found: this.marks.length + 1, limit: markLimit, unit: "levels" },
        { path: this.path },
      );
    }
    this.marks.push(this.items.length);
  }

  /** Takes off everything above the last mark, and the mark. */
  takeToMark(): unknown[] {
    const mark = this.marks.pop();
    if (mark === undefined) return this.reader.damaged("closes what it has not opened");
    return this.items.splice(mark);
  }

  /** The dictionary, list or other value that the next items go into. */
  container<T>(type: abstract new (...args: never[]) => T): T | Opaque {
    const top = this.top();
    if (top instanceof type || top instanceof Opaque) return top;
    return this.reader.damaged("adds to a value that can't be added to");
  }
}

/**
 * Reads a pickle of plain data: numbers, texts, lists, tuples (arrays), dictionaries (Maps) and what `builders` makes of
 * the constructors it knows. An instruction of any other kind is refused. The machine is a loop over at most ten million
 * instructions, each of which makes at most one value, so its time and memory are bounded by the pickle's length.
 * Source: CPython's Lib/pickletools.py; binary instructions of protocols 2 to 5.
 */
export function readPickle(bytes: Uint8Array, builders: PickleBuilders, path: string): unknown {
  const reader = new PickleReader(bytes, path);
  const stack = new Stack(reader, path);
  const memo = new Map<number, unknown>();

  const recall = (index: number) => {
    if (!memo.has(index)) reader.damaged("recalls a value it has not kept");
    stack.push(memo.get(index));
  };
  const setItems = (items: readonly unknown[]) => {
    const dict = stack.container(Map) as PickleDict | Opaque;
    if (items.length % 2) reader.damaged("has a key without a value");
    if (dict instanceof Opaque) return;
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      if (typeof key === "string" && dict.has(key)) fail(duplicateTensor, { name: key }, { path });
      dict.set(key, items[i + 1]);
    }
  };
  const append = (items: readonly unknown[]) => {
    const list = stack.container(Array);
    if (list instanceof Opaque) return;
    for (const item of items) list.push(item);
  };
  const pushGlobal = (module: unknown, name: unknown) => {
    if (typeof module !== "string" || typeof name !== "string")
      reader.damaged("names a class by something else");
    builders.admit(`${module}.${name}`);
    stack.push(new GlobalName(`${module}.${name}`));
  };
  const construct = () => {
    const [callable, args] = stack.take(2);
    if (!(callable instanceof GlobalName) || !Array.isArray(args)) {
      return reader.damaged("calls what is not a constructor");
    }
    stack.push(builders.construct(callable.name, args));
  };

  for (let count = 0; ; count++) {
    if (count >= opcodeLimit) {
      const what = "the checkpoint's pickle";
      fail(overLimit, { what, found: count + 1, limit: opcodeLimit, unit: "instructions" }, { path });
    }
    const opcode = reader.byte();
    switch (opcode) {
      case 0x80: // PROTO
        reader.byte();
        break;
      case 0x95: // FRAME
        reader.skip(8);
        break;
      case 0x2e: // STOP
        return stack.pop();

      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
        stack.push(true);
        break;
      case 0x89: // NEWFALSE
        stack.push(false);
        break;
      case 0x4b: // BININT1
        stack.push(reader.byte());
        break;
      case 0x4d: // BININT2
        stack.push(reader.uint16());
        break;
      case 0x4a: // BININT
        stack.push(reader.int32());
        break;
      case 0x8a: // LONG1
        stack.push(reader.long(reader.byte()) ?? new Opaque());
        break;
      case 0x8b: // LONG4
        stack.push(reader.long(reader.uint32()) ?? new Opaque());
        break;
      case 0x47: // BINFLOAT
        stack.push(reader.float64());
        break;
      case 0x58: // BINUNICODE
        stack.push(reader.text(reader.uint32()));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(reader.text(reader.byte()));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(reader.text(reader.uint64()));
        break;
      // Byte strings: weights don't need what is in them.
      case 0x42: // BINBYTES
      case 0x54: // BINSTRING
        reader.skip(reader.uint32());
        stack.push(new Opaque());
        break;
      case 0x43: // SHORT_BINBYTES
      case 0x55: // SHORT_BINSTRING
        reader.skip(reader.byte());
        stack.push(new Opaque());
        break;
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        reader.skip(reader.uint64());
        stack.push(new Opaque());
        break;

      case 0x28: // MARK
        stack.mark();
        break;
      case 0x30: // POP
        stack.pop();
        break;
      case 0x31: // POP_MARK
        stack.takeToMark();
        break;
      case 0x32: // DUP
        stack.push(stack.top());
        break;
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x74: // TUPLE
      case 0x6c: // LIST
        stack.push(stack.takeToMark());
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(stack.take(opcode - 0x84));
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x8f: // EMPTY_SET
        stack.push(new Opaque());
        break;
      case 0x90: // ADDITEMS
        stack.takeToMark();
        break;
      case 0x61: // APPEND
        append([stack.pop()]);
        break;
      case 0x65: // APPENDS
        append(stack.takeToMark());
        break;
      case 0x73: // SETITEM
        setItems(stack.take(2));
        break;
      case 0x75: // SETITEMS
        setItems(stack.takeToMark());
        break;

      case 0x71: // BINPUT
        memo.set(reader.byte(), stack.top());
        break;
      case 0x72: // LONG_BINPUT
        memo.set(reader.uint32(), stack.top());
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, stack.top());
        break;
      case 0x68: // BINGET
        recall(reader.byte());
        break;
      case 0x6a: // LONG_BINGET
        recall(reader.uint32());
        break;

      case 0x63: // GLOBAL
        pushGlobal(reader.line(), reader.line());
        break;
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = stack.take(2);
        pushGlobal(module, name);
        break;
      }
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        construct();
        break;
      case 0x62: // BUILD: attributes of an object, such as a state_dict's versions
        stack.pop();
        stack.top();
        break;
      case 0x51: // BINPERSID
        stack.push(builders.external(stack.pop()));
        break;
      default:
        fail(unsupportedOpcode, { opcode, offset: reader.offset - 1 }, { path });
    }
  }
}
