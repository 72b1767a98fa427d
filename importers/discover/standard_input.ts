import { throwIfInterrupted } from "../../display/interrupt.ts";
import { headLength } from "../container/content.ts";
import { bytesAt } from "../container/chunks.ts";
import { sha256 } from "../container/sha256.ts";

/** Standard input, copied to a file that is removed in the end. */
export interface StandardInput {
  /** The name of its content, "stdin-3fa9c1d2e5f6": the same if it grows. */
  path: string;
  /** Where the copy is. */
  at: string;
  [Symbol.dispose](): void;
}

/** The path that means standard input. */
export const standardInputPath = "-";

/** Reads standard input to its end. Imports read some files more than once. */
export async function readStandardInput(): Promise<StandardInput> {
  const at = await Deno.makeTempFile({ prefix: "dnpc-stdin-" });
  const input = {
    path: "",
    at,
    [Symbol.dispose]: () => Deno.removeSync(at),
  };
  try {
    using file = await Deno.open(at, { write: true, read: true });
    for await (const chunk of interruptible(Deno.stdin.readable)) {
      for (let rest = chunk; rest.length > 0;) {
        rest = rest.subarray(await file.write(rest));
      }
    }
    const head = sha256().update(bytesAt(file, 0, headLength)).digest("hex");
    return { ...input, path: `stdin-${head.slice(0, 12)}` };
  } catch (error) {
    input[Symbol.dispose]();
    throw error;
  }
}

/** The chunks of a stream; an interrupt ends the wait for one, too. */
async function* interruptible(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const timer = setInterval(() => {
    try {
      throwIfInterrupted();
    } catch (thrown) {
      reject(thrown);
    }
  }, 100);
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await Promise.race([reader.read(), interrupted]);
      throwIfInterrupted();
      if (done) return;
      yield value;
    }
  } finally {
    clearInterval(timer);
    reader.releaseLock();
  }
}
