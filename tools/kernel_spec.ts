import { join } from "node:path";
import { inCheckout } from "./checkout.ts";

/** The content of a kernel.json. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "message" | "signal";
}

/** A folder for JUPYTER_PATH, where Jupyter finds the kernel. */
export const jupyterFolder: string = inCheckout(".jupyter");

/**
 * Writes the kernel spec for the Deno that runs this, which need not be on PATH.
 * It has the name that `deno jupyter --install` gives, so that notebooks from
 * elsewhere find it.
 *
 * @returns the path of the kernel.json
 */
export async function writeKernelSpec(): Promise<string> {
  const folder = join(jupyterFolder, "kernels", "deno");
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, "kernel.json");
  const text = JSON.stringify(kernelSpec(Deno.execPath()), null, 2) + "\n";

  // Renamed into place, so that no kernel reads half a file.
  const draft = await Deno.makeTempFile({ dir: folder, suffix: ".json" });
  await Deno.writeTextFile(draft, text);
  await Deno.chmod(draft, 0o644);
  await Deno.rename(draft, path);
  return path;
}

/** The kernel spec for the Deno at a path. */
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
    // Without this, Jupyter's Stop button sends a signal, which kills the
    // kernel and loses its state.
    interrupt_mode: "message",
  };
}
