import { messagesOf } from "./zmtp.ts";

/**
 * Passes on what a kernel publishes, each "idle" `delay` milliseconds late, or
 * when the next "busy" comes. What is published meanwhile goes before it.
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
      // A client that has left meanwhile is noticed by the loop.
      timer = setTimeout(() => release().catch(() => {}), delay);
    } else {
      await writer.write(bytes);
    }
  }
  await release();
  await writer.close();
}

/** "busy", "idle" or "starting", if this is a message of Jupyter's that says so. */
function executionState(frames: readonly Uint8Array[]): string | undefined {
  // Of a Jupyter message's parts, the content comes last, a few bytes here.
  const content = frames.at(-1);
  if (content === undefined || content.length > 100) return;
  const match = /^\{"execution_state":"(\w+)"\}$/
    .exec(new TextDecoder().decode(content));
  return match?.[1];
}
