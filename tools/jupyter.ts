import { delimiter } from "node:path";
import { jupyterFolder, writeKernelSpec } from "./kernel_spec.ts";
import { findOnPath, run } from "./programs.ts";
import {
  findVirtualEnvironment,
  installVirtualEnvironment,
  virtualEnvironmentVariables,
} from "./virtual_environment.ts";

/** How to start Jupyter so that it finds the Deno kernel. */
export interface Jupyter {
  /** The program that is nbconvert, and its first arguments. */
  nbconvert: string[];
  /** The program that is JupyterLab, and its first arguments. */
  lab: string[];
  /** Variables that both need beside those of this process. */
  environment: Record<string, string>;
}

/** What of Jupyter must be there. */
export interface JupyterOptions {
  /** Whether JupyterLab is needed as well as nbconvert: false by default. */
  lab?: boolean;
}

/**
 * Sees to it that Jupyter and the Deno kernel are there, and says how to start
 * them. It takes the .venv that an earlier call made, else the jupyter on PATH
 * if that works, else it makes .venv.
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
    // As modules, not as the scripts beside: those begin with an absolute
    // path, and would be lost when the checkout moves.
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

/** What this Jupyter lacks, in words, or undefined if it has what is needed. */
async function missingFrom(
  jupyter: string,
  lab: boolean,
): Promise<string | undefined> {
  // The oldest whose pages this project's notebooks were looked at in.
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
