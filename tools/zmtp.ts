/** A message of the ZeroMQ wire protocol. */
export interface Message {
  /** The message as it was sent. */
  bytes: Uint8Array;
  /** Its content; empty for the greeting and for protocol commands. */
  frames: Uint8Array[];
}

const greetingLength = 64;
const flags = { more: 1, long: 2, command: 4 };

/**
 * Splits the bytes of one side of a connection (ZMTP 3, not encrypted) into
 * messages. The greeting is passed on in the chunks that arrive: each side
 * waits for the first bytes of the other before it sends the rest.
 */
export async function* messagesOf(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<Message> {
  let buffer = new Uint8Array();
  let greeting = greetingLength;
  let frames: Uint8Array[] = [];
  // Start of the next frame; the buffer starts with its message.
  let start = 0;
  for await (const chunk of stream) {
    buffer = concatenate(buffer, chunk);
    if (greeting > 0) {
      const bytes = buffer.slice(0, greeting);
      buffer = buffer.slice(greeting);
      greeting -= bytes.length;
      yield { bytes, frames: [] };
    }
    for (;;) {
      const frame = frameAt(buffer, start);
      if (frame === undefined) break;
      start = frame.end;
      if (!frame.isCommand) frames.push(frame.content);
      if (frame.hasMore) continue;
      yield { bytes: buffer.slice(0, start), frames };
      buffer = buffer.slice(start);
      frames = [];
      start = 0;
    }
  }
}

/** The frame at `start`, if it is complete. */
function frameAt(buffer: Uint8Array, start: number) {
  const flag = buffer[start];
  if (flag === undefined) return;
  const isLong = (flag & flags.long) !== 0;
  const contentStart = start + (isLong ? 9 : 2);
  if (buffer.length < contentStart) return;
  const view = new DataView(buffer.buffer, buffer.byteOffset);
  const length = isLong
    ? Number(view.getBigUint64(start + 1))
    : view.getUint8(start + 1);
  const end = contentStart + length;
  if (buffer.length < end) return;
  return {
    end,
    content: buffer.slice(contentStart, end),
    hasMore: (flag & flags.more) !== 0,
    isCommand: (flag & flags.command) !== 0,
  };
}

function concatenate(first: Uint8Array, second: Uint8Array) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
