// The Deno kernel, as kernel.json starts it: `deno jupyter --kernel`, with one
// bug worked around. The kernel sends the outputs of a cell and its status
// "idle" over two queues. If "idle" arrives first, Jupyter takes the cell for
// complete and drops the output. This relay delays "idle" a little.
//
// Measured with 50 fresh kernels on a busy machine, 6 outputs each: none of 300
// was lost through the relay, 22 without it (19 of them plain values).
//
// Only the channel of outputs (IOPub) passes through here; the other channels
// connect Jupyter and the kernel directly.

import { holdBackIdle } from "./hold_back_idle.ts";

const connectionFile = Deno.args[0];
if (connectionFile === undefined) {
  throw new TypeError("Expected the path of a Jupyter connection file");
}
const connection = JSON.parse(await Deno.readTextFile(connectionFile));
const listener = Deno.listen({
  hostname: connection.ip,
  port: connection.iopub_port,
});

// Reads the connection of the inner kernel from a pipe, for it holds a key, and
// kills the kernel when the pipe closes: when this process ends, however it does.
const shell = `
  IFS= read -r connection
  exec 3<&0
  printf %s "$connection" | "$@" 3<&- &
  kernel=$!
  { cat >/dev/null; kill -9 $kernel; } <&3 2>/dev/null &
  exec 3<&-
  wait $kernel`;
const innerPort = freePort(connection.ip);
const kernel = new Deno.Command("sh", {
  args: [
    "-c",
    shell,
    "sh",
    Deno.execPath(),
    "jupyter",
    "--kernel",
    "--conn",
    "/dev/stdin",
  ],
  stdin: "piped",
}).spawn();
const lifeline = kernel.stdin.getWriter();
await lifeline.write(new TextEncoder().encode(
  JSON.stringify({ ...connection, iopub_port: innerPort }) + "\n",
));
kernel.status.then(({ code }) => Deno.exit(code));
Deno.addSignalListener("SIGTERM", () => Deno.exit());

for await (const client of listener) {
  // A client that leaves breaks only its own connection.
  connect(client).catch(() => {});
}

async function connect(client: Deno.Conn): Promise<void> {
  const inner = await connectToKernel();
  await Promise.all([
    client.readable.pipeTo(inner.writable),
    holdBackIdle(inner.readable, client.writable),
  ]);
}

/** Retries: the kernel takes some tenths of a second to listen. */
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
