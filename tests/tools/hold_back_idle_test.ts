import assert from "node:assert/strict";
import { holdBackIdle } from "../../tools/hold_back_idle.ts";

const greeting = new Uint8Array(64).fill(0xff);
const busy = message(`{"execution_state":"busy"}`);
const idle = message(`{"execution_state":"idle"}`);
const chart = message("<svg>".padEnd(300, "x"));

Deno.test("holdBackIdle() lets outputs overtake the idle before them", async () => {
  assert.deepEqual(
    await passOn([greeting, busy, idle, chart]),
    joined([greeting, busy, chart, idle]),
  );
});

Deno.test("holdBackIdle() keeps the outputs of one cell before the next busy", async () => {
  assert.deepEqual(
    await passOn([greeting, busy, idle, busy, chart, idle]),
    joined([greeting, busy, idle, busy, chart, idle]),
  );
});

Deno.test("holdBackIdle() passes idle on after the delay", async () => {
  async function* slowly() {
    yield joined([greeting, idle]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield chart;
  }
  assert.deepEqual(
    await collect((to) => holdBackIdle(slowly(), to, 5)),
    joined([greeting, idle, chart]),
  );
});

Deno.test("holdBackIdle() reads messages in chunks of any size", async () => {
  const bytes = joined([greeting, busy, idle, chart]);
  const expected = joined([greeting, busy, chart, idle]);
  for (const size of [1, 7, 65, 200]) {
    const pieces = [];
    for (let start = 0; start < bytes.length; start += size) {
      pieces.push(bytes.slice(start, start + size));
    }
    assert.deepEqual(await passOn(pieces), expected);
  }
});

/** A message of two frames; the second uses the long form if necessary. */
function message(content: string): Uint8Array {
  const bytes = new TextEncoder().encode(content);
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(bytes.length));
  return joined([
    Uint8Array.of(1, 1, 0x61),
    bytes.length < 256
      ? Uint8Array.of(0, bytes.length)
      : joined([Uint8Array.of(2), new Uint8Array(length.buffer)]),
    bytes,
  ]);
}

async function passOn(pieces: Uint8Array[]): Promise<Uint8Array> {
  return await collect((to) => holdBackIdle(ReadableStream.from(pieces), to));
}

async function collect(
  write: (to: WritableStream<Uint8Array>) => Promise<void>,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await write(
    new WritableStream({
      write(piece) {
        pieces.push(piece);
      },
    }),
  );
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}
