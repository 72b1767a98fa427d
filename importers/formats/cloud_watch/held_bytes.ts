import { joined } from "../../container/pieces.ts";

/** The last bytes of what was read so far, at their places in the file. */
export class HeldBytes {
  #pieces: Uint8Array[] = [];
  /** The place of the first of them. */
  start = 0;
  /** The place behind the last. */
  end = 0;

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.end += piece.length;
  }

  /** Lets go of what lies before a place. */
  dropBefore(place: number): void {
    while (this.start < place) {
      const [first] = this.#pieces;
      if (!first) return;
      const length = Math.min(place - this.start, first.length);
      if (length === first.length) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(length);
      this.start += length;
    }
  }

  bytes(): Uint8Array {
    const bytes = joined(this.#pieces);
    this.#pieces = [bytes];
    return bytes;
  }
}
