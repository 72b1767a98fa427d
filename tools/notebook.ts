import { basename, dirname, extname, join, resolve } from "node:path";
import { nbconvert } from "./nbconvert.ts";
import type { Ended } from "./programs.ts";

/** A notebook file, with lines joined. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
}

export interface NotebookCell {
  cell_type: "code" | "markdown" | "raw";
  source: string;
  metadata: Record<string, unknown>;
  execution_count?: number | null;
  /** Code cells only. */
  outputs?: NotebookOutput[];
}

export interface NotebookOutput {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  /** The text of a stream. */
  text?: string;
  /** By MIME type: text, pictures in base64, JSON values. */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** Options of {@linkcode executeNotebook}. */
export interface ExecuteOptions {
  /** Folder for the executed notebook. By default it is not kept. */
  outputFolder?: string;
  /** Seconds per cell, by default 300. */
  cellTimeout?: number;
  /** Whether to interrupt a cell after its time and run the next one. */
  interrupt?: boolean;
  /** Whether to keep an error as output and run the next cell. */
  allowErrors?: boolean;
}

/**
 * Executes a notebook in a Deno kernel, in the notebook's folder. Does not
 * change the file.
 *
 * @throws {Error} with the cell, if one fails or takes too long
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
    const execute = () =>
      convert(path, [
        "--to=notebook",
        "--execute",
        `--output-dir=${folder}`,
        `--ExecutePreprocessor.timeout=${cellTimeout}`,
        `--ExecutePreprocessor.interrupt_on_timeout=${interrupt}`,
        `--ExecutePreprocessor.allow_errors=${allowErrors}`,
      ]);
    let ended = await execute();
    // Jupyter chooses free ports before the kernel opens them: another program
    // may be faster.
    if (/\bAddrInUse\b/.test(ended.stderr)) ended = await execute();
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

/** Converts a notebook with its outputs to HTML; returns the path. */
export async function notebookToHtml(path: string): Promise<string> {
  const ended = await convert(path, ["--to=html"]);
  if (!ended.success) {
    throw new Error(`Converting ${path} to HTML failed.\n${ended.stderr}`);
  }
  return resolve(path).slice(0, -extname(path).length) + ".html";
}

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

/** Runs nbconvert on a notebook, in its folder. */
async function convert(path: string, args: string[]): Promise<Ended> {
  // nbconvert takes the argument for a pattern, and a folder may be called
  // "runs [old]": it gets the bare name.
  return await nbconvert(dirname(resolve(path)), [...args, basename(path)]);
}

/** The part of an error of nbconvert that is about the notebook. */
function reason(stderr: string): string {
  const start = stderr.lastIndexOf("nbclient.exceptions.");
  return (start < 0 ? stderr : stderr.slice(start)).trim();
}

/** Notebook files hold long text as a list of lines. */
function joinLines(value: unknown): unknown {
  const isLines = Array.isArray(value) &&
    value.every((line) => typeof line === "string");
  return isLines ? value.join("") : value;
}
