// `deno task notebook:init DIR [RUNINFO]`: creates a folder in which notebooks
// and scripts can `import … from "dnpc"`, with a first notebook.

import { join, relative, resolve } from "node:path";
import denoJson from "../deno.json" with { type: "json" };
import { checkout, inCheckout } from "./checkout.ts";
import { denoCommand } from "./programs.ts";
import { runTask, SetUpError } from "./set_up_error.ts";

if (import.meta.main) {
  await runTask(async () => {
    const [folder, runinfo, ...rest] = Deno.args;
    if (folder === undefined || folder.startsWith("-") || rest.length > 0) {
      throw new SetUpError(
        "Usage: deno task notebook:init DIR [RUNINFO]\n\nDIR is the folder to " +
          "create, RUNINFO the directory or tarball of a run to start with.",
      );
    }
    // A task runs in the checkout; paths are relative to where it was typed.
    const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
    const path = resolve(here, folder);
    await initNotebook(path, runinfo && resolve(here, runinfo));
    console.log(`${path} is ready. To work in it:
  cd ${shellQuoted(checkout)} && ${denoCommand()} task lab ${
      shellQuoted(path)
    }`);
  });
}

/**
 * Writes `deno.json` and `start.ipynb` into a folder, and creates it if needed.
 * The notebook imports `runinfo`, by default a sample.
 *
 * @throws {SetUpError} if one of the files exists
 */
export async function initNotebook(
  folder: string,
  runinfo: string = inCheckout("tests", "fixtures", "wq", "runinfo"),
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await writeNew(join(folder, "deno.json"), settings(folder));
  await writeNew(join(folder, "start.ipynb"), startNotebook(runinfo));
}

async function writeNew(path: string, content: unknown): Promise<void> {
  try {
    await Deno.writeTextFile(path, JSON.stringify(content, null, 1) + "\n", {
      createNew: true,
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new SetUpError(
      `${path} already exists. Choose another folder, or move the file away.`,
    );
  }
}

/** A `deno.json` in which "dnpc" and its doors are this checkout. */
export function settings(folder: string): Record<string, unknown> {
  const { name, version, imports } = denoJson;
  const [major, minor] = version.split(".");
  const range = `${name}@^${major}.${minor}`;
  return {
    links: [relative(folder, checkout)],
    imports: {
      "dnpc": `jsr:${range}`,
      "dnpc/": `jsr:/${range}/`,
      // The same packages that dnpc uses, so that it accepts the user's marks and
      // tables.
      "@observablehq/plot": imports["@observablehq/plot"],
      "arquero": imports.arquero,
      "d3-array": imports["d3-array"],
    },
  };
}

function startNotebook(runinfo: string): Record<string, unknown> {
  const cells: [string, string][] = [
    [
      "markdown",
      "# Where did the time go, and why did it fail?\n\nRun the cells one by " +
      "one. The first imports a run; enter the path of your own: a `runinfo` " +
      "directory, the directory of one run, or a tarball. If it finds nothing " +
      "to read there, the other cells have nothing to show.",
    ],
    [
      "code",
      'import { importRuninfo, openDatabase } from "dnpc";\n\n' +
      "const db = await openDatabase();\n" +
      `await importRuninfo(db, ${JSON.stringify(runinfo)});`,
    ],
    ["markdown", "What ran, what failed, and where the time went, in words:"],
    ["code", 'import { summary } from "dnpc";\n\nsummary(db);'],
    [
      "markdown",
      "The next cells are about the last run. What did each worker do?",
    ],
    [
      "code",
      'import { attempts, runs, taskStream } from "dnpc";\n\n' +
      "const run = runs(db).at(-1)?.run;\n" +
      "taskStream(attempts(db, { run }));",
    ],
    ["markdown", "What failed, by cause?"],
    [
      "code",
      'import { failures } from "dnpc";\n\n' +
      "const causes = failures(db, { run });\ncauses;",
    ],
    [
      "markdown",
      "If anything failed: what happened to a task with the first of these " +
      "causes, line by line?",
    ],
    [
      "code",
      'import { story } from "dnpc";\n\n' +
      "const [cause] = causes;\n" +
      "cause && story(db, { run, task: cause.task });",
    ],
    ["markdown", "What else is in the database?"],
    [
      "code",
      'import { spanTypes } from "dnpc";\n\ndb.query(spanTypes());',
    ],
  ];
  return {
    cells: cells.map(([type, source], i) => ({
      cell_type: type,
      id: `start-${i}`,
      metadata: {},
      source: source.split(/(?<=\n)/),
      ...(type === "code" ? { execution_count: null, outputs: [] } : {}),
    })),
    metadata: {
      kernelspec: {
        display_name: "Deno",
        language: "typescript",
        name: "deno",
      },
      language_info: {
        name: "typescript",
        file_extension: ".ts",
        mimetype: "text/x.typescript",
        nbconvert_exporter: "script",
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Quotes a path for a shell. */
function shellQuoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
