import { interruptBy } from "../display/interrupt.ts";
import worker from "./signal_worker.js" with { type: "text" };

/** Exit codes by signal, as a shell has them. */
const signals = Deno.build.os === "windows"
  ? { SIGINT: 130 }
  : { SIGINT: 130, SIGTERM: 143 };

/**
 * Until it is disposed of, a first signal makes the work throw an Interrupted,
 * so that it removes or rolls back partial output.
 */
export function watchSignals(): Disposable & { ready: Promise<unknown> } {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const url = URL.createObjectURL(
    new Blob([worker], { type: "text/javascript" }),
  );
  const thread = new Worker(url, { type: "module" });
  const ready = new Promise((resolve) => thread.onmessage = resolve);
  thread.postMessage({ flag, signals });
  interruptBy(flag);
  return {
    ready,
    [Symbol.dispose]() {
      interruptBy(undefined);
      thread.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/**
 * Ends the process: by the signal itself after one, so that a script around it
 * ends as well, unless native code may not be called.
 */
export function exit(code: number): never {
  try {
    if (Object.values(signals).includes(code)) {
      const library = Deno.build.os === "darwin"
        ? "libSystem.dylib"
        : "libc.so.6";
      const { symbols } = Deno.dlopen(library, {
        signal: { parameters: ["i32", "pointer"], result: "pointer" },
        raise: { parameters: ["i32"], result: "i32" },
      });
      // The default action (SIG_DFL is 0): the listener may not be gone yet.
      symbols.signal(code - 128, null);
      symbols.raise(code - 128);
    }
  } catch {
    // A shell gives the same code to both.
  }
  Deno.exit(code);
}
