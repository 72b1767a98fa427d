import { BufferReader, Parser } from "pickleparser";

/**
 * What a pickle holds: dicts as Maps, tuples and lists as arrays. Nothing that
 * a pickle asks for is looked up or run: a class or a function, whichever it
 * names, gives undefined.
 *
 * @throws {Error} if it is no pickle, or cut short
 */
export function unpickle(bytes: Uint8Array): unknown {
  const parser = new Parser({
    nameResolver: { resolve: () => nothing },
    persistentResolver: { resolve: () => undefined },
    extensionResolver: { resolve: () => nothing },
    unpicklingTypeOfDictionary: "Map",
  });
  return parser.read(new CarefulReader(bytes));
}

// It is called, and constructed from.
function nothing(): void {}

// No name or number is as long; a number that is takes long to be made.
const longest = 1 << 12;

/** Goes forward alone: in a pickle that is damaged a length may be negative. */
class CarefulReader extends BufferReader {
  override skip(length: number): void {
    if (!(length >= 0)) throw this.#wrong(length);
    super.skip(length);
  }

  override bytes(length: number): ReturnType<BufferReader["bytes"]> {
    if (length > longest) throw this.#wrong(length);
    return super.bytes(length);
  }

  // The library's own warns, on the console, of what is not exact.
  override uint64(): number {
    return this.uint32() + 2 ** 32 * this.uint32();
  }

  #wrong(length: number): Error {
    return new RangeError(`a length of ${length} at byte ${this.position}`);
  }
}
