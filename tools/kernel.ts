// The Deno kernel as kernel.json starts it. It is `deno jupyter --kernel` with
// one fault mended: the word that a cell is done (status idle) and what the
// cell has shown leave the kernel by two paths, and the word may come first.
// Jupyter then takes the cell for complete, and its chart is lost: one first
// cell in three. Here that word waits a little, so that outputs overtake it.
//
// Only the channel that outputs go by (IOPub) passes through here; all others
// connect Jupyter and the kernel directly.

import { join } from "node:path";
import { holdBackIdle } from "./hold_back_idle.ts";

const connectionFile = Deno.args[0];
if (connectionFile === undefined) {
  throw new TypeError("Expected the path of a connection file of Jupyter's");
}
const connection = JSON.parse(await Deno.readTextFile(connectionFile));
const listener = Deno.listen({
  hostname: connection.ip,
  port: connection.iopub_port,
});

// The copy holds the key as well: a folder that only this user can read.
const folder = await Deno.makeTempDir({ prefix: "dnpc_kernel_" });
const innerFile = join(folder, "connection.json");
const innerPort = freePort(connection.ip);
await Deno.writeTextFile(
  innerFile,
  JSON.stringify({ ...connection, iopub_port: innerPort }),
);

const kernel = new Deno.Command(Deno.execPath(), {
  args: ["jupyter", "--kernel", "--conn", innerFile],
}).spawn();
kernel.status.then(async ({ code }) => {
  await Deno.remove(folder, { recursive: true });
  Deno.exit(code);
});
Deno.addSignalListener("SIGTERM", () => kernel.kill("SIGTERM"));

for await (const client of listener) {
  // A client that leaves breaks its own connection, which is nobody's loss.
  connect(client).catch(() => {});
}

async function connect(client: Deno.Conn): Promise<void> {
  const inner = await connectToKernel();
  await Promise.all([
    client.readable.pipeTo(inner.writable),
    holdBackIdle(inner.readable, client.writable),
  ]);
}

/** The kernel listens some tenths of a second after it was started. */
async function connectToKernel(): Promise<Deno.Conn> {
  for (;;) {
    try {
      return await Deno.connect({ hostname: connection.ip, port: innerPort });
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function freePort(hostname: string): number {
  using probe = Deno.listen({ hostname, port: 0 });
  return probe.addr.port;
}
