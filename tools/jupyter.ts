import { delimiter } from "node:path";
import { jupyterFolder, writeKernelSpec } from "./kernel_spec.ts";
import { findOnPath, run } from "./programs.ts";
import {
  findVirtualEnvironment,
  installVirtualEnvironment,
  virtualEnvironmentVariables,
} from "./virtual_environment.ts";

/** Commands that start Jupyter with the Deno kernel. */
export interface Jupyter {
  nbconvert: string[];
  lab: string[];
  /** Environment variables that both need. */
  environment: Record<string, string>;
}

/** Options of {@linkcode ensureJupyter}. */
export interface JupyterOptions {
  /** Whether JupyterLab is needed too. By default false. */
  lab?: boolean;
}

/**
 * Finds or installs Jupyter and the Deno kernel: uses .venv if it exists, else
 * jupyter from PATH if it works, else installs .venv.
 *
 * @throws {SetUpError} if there is no Jupyter and none can be installed
 */
export async function ensureJupyter(
  { lab = false }: JupyterOptions = {},
): Promise<Jupyter> {
  await writeKernelSpec();
  const python = await findVirtualEnvironment();
  if (python !== undefined) return fromVirtualEnvironment(python);

  const jupyter = findOnPath("jupyter");
  if (jupyter !== undefined) {
    const lacks = await missingFrom(jupyter, lab);
    if (lacks === undefined) return fromPath(jupyter);
    console.error(`${jupyter} is not used: ${lacks}`);
  }
  return fromVirtualEnvironment(await installVirtualEnvironment());
}

function fromVirtualEnvironment(python: string): Jupyter {
  return {
    // Not the scripts in .venv/bin: they contain absolute paths and break when
    // the checkout moves.
    nbconvert: [python, "-m", "nbconvert"],
    lab: [python, "-m", "jupyterlab"],
    environment: { ...virtualEnvironmentVariables, ...kernelVariables() },
  };
}

function fromPath(jupyter: string): Jupyter {
  return {
    nbconvert: [jupyter, "nbconvert"],
    lab: [jupyter, "lab"],
    environment: kernelVariables(),
  };
}

function kernelVariables(): Record<string, string> {
  const others = Deno.env.get("JUPYTER_PATH");
  const folders = others ? [jupyterFolder, others] : [jupyterFolder];
  return { JUPYTER_PATH: folders.join(delimiter) };
}

/** The missing part of a Jupyter, in words; undefined if none. */
async function missingFrom(
  jupyter: string,
  lab: boolean,
): Promise<string | undefined> {
  // The oldest versions that the notebooks were tried with.
  const needed = { nbconvert: 7, ...(lab ? { lab: 4 } : {}) };
  for (const [part, major] of Object.entries(needed)) {
    const { success, stdout, stderr } = await run([jupyter, part, "--version"]);
    const version = stdout.trim();
    if (!success) {
      const reason = stderr.trim().split("\n").at(-1) ?? "";
      return `"jupyter ${part} --version" fails (${reason})`;
    }
    if (!(parseInt(version) >= major)) {
      return `its ${part} is ${version}, and ${major} or later is needed`;
    }
  }
}
