import { basename, dirname, extname, join, resolve } from "node:path";
import { ensureJupyter } from "./jupyter.ts";
import { jupyterFolder } from "./kernel_spec.ts";
import { type Ended, run } from "./programs.ts";

/** A notebook as its file holds it, lines joined. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
}

/** A cell of a notebook. */
export interface NotebookCell {
  cell_type: "code" | "markdown" | "raw";
  source: string;
  metadata: Record<string, unknown>;
  execution_count?: number | null;
  /** What a code cell has shown: absent in others. */
  outputs?: NotebookOutput[];
}

/** One thing that a cell has shown. */
export interface NotebookOutput {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  /** The text of a stream. */
  text?: string;
  /** By media type: text as it is, pictures in Base64, JSON as values. */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** How a notebook is executed. */
export interface ExecuteOptions {
  /** Where to leave the executed notebook, by the name it has: nowhere. */
  outputFolder?: string;
  /** Seconds that one cell may take: 300 by default. */
  cellTimeout?: number;
  /** Whether a cell past its time is interrupted, and the next one runs. */
  interrupt?: boolean;
  /** Whether an error in a cell is kept as its output, and the next one runs. */
  allowErrors?: boolean;
}

/**
 * Executes every cell of a notebook in a Deno kernel, whose working directory
 * is the notebook's own. The file itself stays as it is.
 *
 * @throws {Error} that shows the cell, if one fails or takes too long
 */
export async function executeNotebook(
  path: string,
  {
    outputFolder,
    cellTimeout = 300,
    interrupt = false,
    allowErrors = false,
  }: ExecuteOptions = {},
): Promise<Notebook> {
  const temporary = outputFolder === undefined
    ? await Deno.makeTempDir({ prefix: "dnpc_notebook_" })
    : undefined;
  try {
    const folder = resolve(outputFolder ?? temporary!);
    const ended = await nbconvert(path, [
      "--to=notebook",
      "--execute",
      `--output-dir=${folder}`,
      `--ExecutePreprocessor.timeout=${cellTimeout}`,
      `--ExecutePreprocessor.interrupt_on_timeout=${interrupt}`,
      `--ExecutePreprocessor.allow_errors=${allowErrors}`,
    ]);
    if (!ended.success) {
      throw new Error(`Executing ${path} failed.\n${reason(ended.stderr)}`);
    }
    return await readNotebook(join(folder, basename(path)));
  } finally {
    if (temporary !== undefined) {
      await Deno.remove(temporary, { recursive: true });
    }
  }
}

/**
 * Makes a page of a notebook, with the outputs that are in it, beside it.
 *
 * @returns the path of the page
 */
export async function notebookToHtml(path: string): Promise<string> {
  const ended = await nbconvert(path, ["--to=html"]);
  if (!ended.success) {
    throw new Error(`Making a page of ${path} failed.\n${ended.stderr}`);
  }
  return resolve(path).slice(0, -extname(path).length) + ".html";
}

/** Reads a notebook's file. */
export async function readNotebook(path: string): Promise<Notebook> {
  const notebook = JSON.parse(await Deno.readTextFile(path));
  for (const cell of notebook.cells) {
    cell.source = joinLines(cell.source);
    for (const output of cell.outputs ?? []) {
      if ("text" in output) output.text = joinLines(output.text);
      for (const [type, value] of Object.entries(output.data ?? {})) {
        output.data[type] = joinLines(value);
      }
    }
  }
  return notebook;
}

async function nbconvert(path: string, args: string[]): Promise<Ended> {
  const jupyter = await ensureJupyter();
  // By its bare name from its own folder: nbconvert takes the argument for a
  // pattern, and a folder may well be called "runs [old]".
  return await run([...jupyter.nbconvert, ...args, basename(path)], {
    cwd: dirname(resolve(path)),
    environment: {
      ...jupyter.environment,
      // Not the user's own settings, which change what a page looks like, and
      // not their home, which may be read-only.
      JUPYTER_CONFIG_DIR: join(jupyterFolder, "config"),
      JUPYTER_DATA_DIR: join(jupyterFolder, "data"),
      JUPYTER_RUNTIME_DIR: join(jupyterFolder, "runtime"),
      IPYTHONDIR: join(jupyterFolder, "ipython"),
    },
  });
}

/** The part of nbconvert's complaint that is about the notebook. */
function reason(stderr: string): string {
  const start = stderr.lastIndexOf("nbclient.exceptions.");
  return (start < 0 ? stderr : stderr.slice(start)).trim();
}

/** Long text is a list of lines in a notebook's file. */
function joinLines(value: unknown): unknown {
  const isLines = Array.isArray(value) &&
    value.every((line) => typeof line === "string");
  return isLines ? value.join("") : value;
}
