import { printable } from "../../display/text/untrusted.ts";

/** Talks to whoever sits there: on stderr, apart from the data. */
export function say(text: string): void {
  const bytes = new TextEncoder().encode(
    `dnpc: ${printable(text)}\n`,
  );
  try {
    for (let at = 0; at < bytes.length;) {
      at += Deno.stderr.writeSync(bytes.subarray(at));
    }
  } catch {
    // Nobody listens.
  }
}
