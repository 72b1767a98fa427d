import { beginFile } from "../display/output.ts";
import { printable } from "../display/text/untrusted.ts";

/** Prints a message on stderr, apart from the data. */
export function say(text: string): void {
  try {
    using out = buffered((bytes) => Deno.stderr.writeSync(bytes));
    out.write(`dnpc: ${printable(text)}\n`);
  } catch {
    // stderr is closed.
  }
}

/** Receives data as chunks of text; disposing it writes the rest. */
export interface Sink extends Disposable {
  /** False once the reader is gone: the rest need not be computed. */
  write(text: string): boolean;
}

/** Writes a file, or to standard output without a path. */
export function writeTo(
  path: string | undefined,
  write: (out: Sink) => void,
): void {
  // Deno opens this device only with all permissions.
  if (path === undefined || path === "/dev/stdout") {
    using out = standardOutput();
    return write(out);
  }
  using file = beginFile(path);
  writeBuffered(file.write, write);
  file.commit();
}

/** Writes text in larger pieces. */
export function writeBuffered(
  writeAll: (bytes: Uint8Array) => void,
  write: (out: Sink) => void,
): void {
  const out = buffered((bytes) => {
    writeAll(bytes);
    return bytes.length;
  });
  write(out);
  // After an error the rest is of no use.
  out[Symbol.dispose]();
}

/** Standard output. It stops quietly when a reader such as `head` stops. */
export function standardOutput(): Sink {
  const sink = buffered((bytes) => Deno.stdout.writeSync(bytes));
  if (!Deno.stdout.isTerminal()) return sink;
  // Text of a log must not control the terminal.
  return { ...sink, write: (text) => sink.write(printable(text)) };
}

/** The size of the terminal that shows standard output, if one does. */
export function terminalSize(): { columns: number; rows: number } | undefined {
  if (!Deno.stdout.isTerminal()) return undefined;
  const { columns, rows } = Deno.consoleSize();
  // Some terminals do not know their size.
  return { columns: columns || 80, rows: rows || 24 };
}

const bufferSize = 1 << 16;

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
      if (length >= bufferSize) flush();
      return !isClosed;
    },
    [Symbol.dispose]: flush,
  };
}
