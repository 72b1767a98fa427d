import assert from "node:assert/strict";
import { join } from "node:path";
import { inCheckout } from "../../tools/checkout.ts";

const hostname = "127.0.0.1";

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  Deno.test(`the kernel's launcher leaves nothing behind after ${signal}`, async () => {
    const folder = await Deno.makeTempDir();
    const probes = Array.from(
      { length: 5 },
      () => Deno.listen({ hostname, port: 0 }),
    );
    const ports = probes.map(({ addr }) => addr.port);
    for (const probe of probes) probe.close();
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
    const file = join(folder, "connection.json");
    await Deno.writeTextFile(
      file,
      JSON.stringify({
        shell_port,
        iopub_port,
        stdin_port,
        control_port,
        hb_port,
        ip: hostname,
        transport: "tcp",
        key: "secret",
        signature_scheme: "hmac-sha256",
        kernel_name: "deno",
      }),
    );
    const temporary = join(folder, "temporary");
    await Deno.mkdir(temporary);
    const launcher = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-config",
        "--allow-all",
        inCheckout("tools", "kernel.ts"),
        file,
      ],
      env: { TMPDIR: temporary },
      stdin: "null",
      stderr: "null",
    }).spawn();
    const until = async (isListening: boolean) => {
      for (let i = 0; await listens(shell_port!) !== isListening; i++) {
        assert.ok(i < 1000, `port ${shell_port}: ${isListening}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await until(true);
    launcher.kill(signal);
    await launcher.status;
    await until(false);
    assert.deepEqual([...Deno.readDirSync(temporary)], []);
    await Deno.remove(folder, { recursive: true });
  });
}
