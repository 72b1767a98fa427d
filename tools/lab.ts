// `deno task lab [DIR] [arguments of JupyterLab]`: opens JupyterLab in a folder,
// by default in notebooks/.

import { resolve } from "node:path";
import { inCheckout } from "./checkout.ts";
import { ensureJupyter } from "./jupyter.ts";
import { runTask } from "./set_up_error.ts";

await runTask(async () => {
  const { lab, environment } = await ensureJupyter({ lab: true });
  const [program, ...args] = lab;
  args.push("--MappingKernelManager.default_kernel_name=deno");

  // JupyterLab refuses to run as root by default, but a container may have no
  // other user.
  if (Deno.uid() === 0) args.push("--allow-root");

  // Ctrl-C reaches JupyterLab too, which asks before it stops: this process
  // waits for it. SIGTERM reaches this process alone.
  Deno.addSignalListener("SIGINT", () => {});
  const [first, ...others] = Deno.args;
  const folder = first?.startsWith("-") ? undefined : first;
  const server = new Deno.Command(program!, {
    args: [...args, ...folder === undefined ? Deno.args : others],
    // A task runs in the checkout; paths are relative to where it was typed.
    cwd: folder === undefined
      ? inCheckout("notebooks")
      : resolve(Deno.env.get("INIT_CWD") ?? ".", folder),
    env: environment,
  }).spawn();
  Deno.addSignalListener("SIGTERM", () => server.kill("SIGTERM"));
  const { code } = await server.status;
  Deno.exit(code);
});
