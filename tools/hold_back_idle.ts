import { messagesOf } from "./zmtp.ts";

/**
 * Relays what a kernel publishes. Holds each "idle" back for `delay`
 * milliseconds or until the next "busy"; later outputs overtake it.
 */
export async function holdBackIdle(
  from: AsyncIterable<Uint8Array>,
  to: WritableStream<Uint8Array>,
  delay = 100,
): Promise<void> {
  const writer = to.getWriter();
  let held: Uint8Array | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = async () => {
    clearTimeout(timer);
    const bytes = held;
    held = undefined;
    if (bytes !== undefined) await writer.write(bytes);
  };
  for await (const { bytes, frames } of messagesOf(from)) {
    const state = executionState(frames);
    if (state !== undefined) await release();
    if (state === "idle") {
      held = bytes;
      // The loop notices a client that has left meanwhile.
      timer = setTimeout(() => release().catch(() => {}), delay);
    } else {
      await writer.write(bytes);
    }
  }
  await release();
  await writer.close();
}

/** "busy", "idle" or "starting" of a status message. */
function executionState(frames: readonly Uint8Array[]): string | undefined {
  // The content is the last part of a message; that of a status is short.
  const content = frames.at(-1);
  if (content === undefined || content.length > 100) return;
  const match = /^\{"execution_state":"(\w+)"\}$/
    .exec(new TextDecoder().decode(content));
  return match?.[1];
}
