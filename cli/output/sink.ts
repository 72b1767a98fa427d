import { printable } from "../../display/text/untrusted.ts";

/** Where data goes, text by text. */
export interface Sink {
  /** False if nobody reads any more: then the rest need not be made. */
  write(text: string): boolean;
  /** Writes what was held back. */
  [Symbol.dispose](): void;
}

/**
 * The standard output. Who reads it may stop: `dnpc sql ... | head` ends
 * quietly.
 */
export function standardOutput(): Sink {
  const isTerminal = Deno.stdout.isTerminal();
  const sink = buffered((bytes) => Deno.stdout.writeSync(bytes));
  return isTerminal
    ? {
      ...sink,
      // What a log says must not speak to the terminal.
      write: (text) => sink.write(printable(text)),
    }
    : sink;
}

/** A file, made anew. */
export function fileOutput(path: string): Sink {
  const file = Deno.openSync(path, {
    ...{ write: true, create: true, truncate: true },
  });
  const sink = buffered((bytes) => file.writeSync(bytes));
  return {
    ...sink,
    [Symbol.dispose]() {
      sink[Symbol.dispose]();
      file.close();
    },
  };
}

const mostHeldBack = 1 << 16;

function buffered(writeSome: (bytes: Uint8Array) => number): Sink {
  const encoder = new TextEncoder();
  let texts: string[] = [];
  let length = 0;
  let isClosed = false;
  const flush = () => {
    const bytes = encoder.encode(texts.join(""));
    texts = [];
    length = 0;
    try {
      for (let at = 0; at < bytes.length && !isClosed;) {
        at += writeSome(bytes.subarray(at));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      isClosed = true;
    }
  };
  return {
    write(text) {
      texts.push(text);
      length += text.length;
      if (length >= mostHeldBack) flush();
      return !isClosed;
    },
    [Symbol.dispose]: flush,
  };
}
