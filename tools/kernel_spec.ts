import { join } from "node:path";
import { inCheckout } from "./checkout.ts";

/** A kernel.json, as Jupyter reads it. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "message" | "signal";
}

/** The folder to put on JUPYTER_PATH, so that Jupyter finds the kernel. */
export const jupyterFolder: string = inCheckout(".jupyter");

/**
 * Writes the kernel spec that Jupyter starts Deno by: with the Deno that runs
 * this, which need not be on PATH. It has the name that `deno jupyter
 * --install` gives, so that notebooks made elsewhere find it.
 *
 * @returns the path of the kernel.json
 */
export async function writeKernelSpec(): Promise<string> {
  const folder = join(jupyterFolder, "kernels", "deno");
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, "kernel.json");
  const text = JSON.stringify(kernelSpec(Deno.execPath()), null, 2) + "\n";

  // Renamed into place: a kernel that starts meanwhile must not read half.
  const draft = await Deno.makeTempFile({ dir: folder, suffix: ".json" });
  await Deno.writeTextFile(draft, text);
  await Deno.chmod(draft, 0o644);
  await Deno.rename(draft, path);
  return path;
}

/** The kernel spec for the Deno at this path. */
export function kernelSpec(deno: string): KernelSpec {
  return {
    argv: [
      deno,
      "run",
      "--quiet",
      "--no-config",
      "--allow-all",
      inCheckout("tools", "kernel.ts"),
      "{connection_file}",
    ],
    display_name: "Deno",
    language: "typescript",
    // `deno jupyter --install` leaves this out. Jupyter's Stop button then
    // sends a signal, which ends the kernel and all that it held.
    interrupt_mode: "message",
  };
}
