import { damagedFile, shownCount } from "../diagnostics/catalogue/weights.js";
import { fail } from "../diagnostics/diagnostic.js";
import { viewOf } from "./source.js";

const newline = 0x0a;

/** Reads the operands of a pickle's instructions in order. Reading past the end is a diagnostic. */
export class PickleReader {
  private at = 0;
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder("utf-8", { fatal: true });

  constructor(
    private readonly bytes: Uint8Array,
    private readonly path: string,
  ) {
    this.view = viewOf(bytes);
  }

  /** The place of the next byte. */
  get offset(): number {
    return this.at;
  }

  /** Stops: the pickle `what`. */
  damaged(what: string): never {
    const found = `a pickle that ${what}, at offset ${shownCount(this.at)}`;
    return fail(damagedFile, { format: "PyTorch checkpoint", found }, { path: this.path });
  }

  /** Moves on by `length` bytes and says where they begin. */
  skip(length: number): number {
    if (length > this.bytes.length - this.at) this.damaged("ends too early");
    const start = this.at;
    this.at += length;
    return start;
  }

  byte(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  /** A length of 64 bits; more than 2^53 is inexact, and too much for any file. */
  uint64(): number {
    const low = this.uint32();
    return low + this.uint32() * 2 ** 32;
  }

  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  /** A signed little-endian integer of `length` bytes, or undefined where a number can't hold it exactly. */
  long(length: number): number | undefined {
    const start = this.skip(length);
    if (length > 8) return undefined;
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.view.getUint8(start + i));
    const number = Number(BigInt.asIntN(8 * length, value));
    return Number.isSafeInteger(number) ? number : undefined;
  }

  text(length: number): string {
    const start = this.skip(length);
    try {
      return this.utf8.decode(this.bytes.subarray(start, start + length));
    } catch {
      return this.damaged("has a text that is not UTF-8");
    }
  }

  /** Text up to a line break. */
  line(): string {
    const end = this.bytes.indexOf(newline, this.at);
    if (end < 0) this.damaged("ends too early");
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }
}
