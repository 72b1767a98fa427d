import { createHash } from "node:crypto";
import { join } from "node:path";
import { inCheckout } from "./checkout.ts";
import { findOnPath, run } from "./programs.ts";
import { SetUpError } from "./set_up_error.ts";

// Required by the pinned JupyterLab.
const minPython = [3, 10] as const;

const folder = inCheckout(".venv");
const python = join(folder, "bin", "python");
const requirements = inCheckout("tools", "requirements.txt");

// Written last: without it, the installation is incomplete.
const stamp = join(folder, "installed");

/**
 * Path of the checkout's own Python, if everything in tools/requirements.txt is
 * installed.
 */
export async function findVirtualEnvironment(): Promise<string | undefined> {
  try {
    const installed = await Deno.readTextFile(stamp);
    if (installed === await expectedStamp()) return python;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Installs tools/requirements.txt into .venv of the checkout, which is replaced
 * if it exists.
 *
 * @returns the path of its Python
 * @throws {SetUpError} if Python or pip is missing, too old, or fails
 */
export async function installVirtualEnvironment(): Promise<string> {
  // Two tasks at once would delete each other's work. The lock ends with the
  // process.
  await Deno.mkdir(inCheckout(".jupyter"), { recursive: true });
  using lock = await Deno.open(inCheckout(".jupyter", "install.lock"), {
    create: true,
    write: true,
  });
  await lock.lock(true);
  const other = await findVirtualEnvironment();
  if (other !== undefined) return other;

  const base = await findPython();
  const pip = await findPip(base);
  console.error(`Installing Jupyter into ${folder}: once, about a minute`);
  await Deno.remove(folder, { recursive: true }).catch(() => {});

  // Without pip: Debian's Python needs python3-venv for more. The new Python
  // runs the pip of the old one.
  await must([base, "-m", "venv", "--without-pip", folder], "make .venv");
  await must([
    python,
    pip,
    "install",
    "--quiet",
    "--disable-pip-version-check",
    // It would compile thousands of modules that are never imported.
    "--no-compile",
    // Packages beside that pip are visible, but not part of .venv.
    "--ignore-installed",
    // The file has everything, resolved.
    "--no-deps",
    "--require-hashes",
    "--requirement",
    requirements,
  ], "install Jupyter");
  await Deno.writeTextFile(stamp, await expectedStamp());
  return python;
}

/** Variables that hide the user's own modules and options from Python and pip. */
export const virtualEnvironmentVariables: Readonly<Record<string, string>> = {
  PYTHONHOME: "",
  PYTHONPATH: "",
  PIP_USER: "0",
};

async function expectedStamp(): Promise<string> {
  const hash = createHash("sha256")
    .update(await Deno.readTextFile(requirements)).digest("hex");
  const { stdout } = await run([python, "--version"], {
    environment: virtualEnvironmentVariables,
  });
  return `${hash} ${stdout}`;
}

async function findPython(): Promise<string> {
  const found = findOnPath("python3", "python");
  const [major, minor] = minPython;
  if (found === undefined) {
    throw new SetUpError(
      `Python is needed to run Jupyter, and PATH has no python3. Install ` +
        `Python ${major}.${minor} or later with pip (Debian, Ubuntu: apt-get ` +
        `install python3-pip), or put a jupyter with nbconvert and JupyterLab ` +
        `on PATH.`,
    );
  }
  const { success, stdout, stderr } = await run([
    found,
    "-c",
    "import sys; print(*sys.version_info[:2])",
  ]);
  if (!success) {
    throw new SetUpError(
      `Python is needed to run Jupyter, and ${found} does not run:\n${stderr}`,
    );
  }
  const version = stdout.trim().split(" ").map(Number);
  if (version[0] !== major || (version[1] ?? 0) < minor) {
    throw new SetUpError(
      `Jupyter needs Python ${major}.${minor} or later, and ${found} is ` +
        `${version.join(".")}. Put a newer python3 first on PATH, or a ` +
        `jupyter with nbconvert and JupyterLab.`,
    );
  }
  return found;
}

/** Folder of the pip of a Python, which other Pythons can run. */
async function findPip(base: string): Promise<string> {
  const { success, stdout } = await run([
    base,
    "-c",
    "import os, pip; print(os.path.dirname(pip.__file__))",
  ]);
  if (!success) {
    throw new SetUpError(
      `${base} has no pip, which is needed to install Jupyter. Install it ` +
        `(Debian, Ubuntu: apt-get install python3-pip; elsewhere: ` +
        `python3 -m ensurepip), or put a jupyter with nbconvert and ` +
        `JupyterLab on PATH.`,
    );
  }
  return stdout.trim();
}

async function must(command: string[], purpose: string): Promise<void> {
  const { success, stderr } = await run(command, {
    environment: virtualEnvironmentVariables,
  });
  if (!success) {
    throw new SetUpError(
      `Could not ${purpose}: ${command.join(" ")} failed.\n${stderr}`,
    );
  }
}
