// `deno task notebooks [NAME...]`: executes the notebooks of this repository and
// stores their outputs, to be read without running them. Some also become pages
// of docs/.

import { basename } from "node:path";
import { inCheckout } from "./checkout.ts";

import { keptOutputs } from "./kept_outputs.ts";
import {
  executeNotebook,
  type NotebookCell,
  type NotebookOutput,
} from "./notebook.ts";
import { notebookPage, pages } from "./notebook_page.ts";
import { runTask } from "./set_up_error.ts";

if (import.meta.main) {
  await runTask(async () => {
    const names = Deno.args.length > 0 ? Deno.args : allNotebooks();
    for (const name of names) {
      console.error(`Executing ${name}.ipynb`);
      const path = inCheckout("notebooks", `${name}.ipynb`);
      const { cells } = await executeNotebook(path);
      await keepOutputs(path, cells);
      if (pages.includes(name)) await notebookPage(name, cells);
    }
  });
}

function allNotebooks(): string[] {
  return [...Deno.readDirSync(inCheckout("notebooks"))]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => basename(name, ".ipynb")).sort();
}

async function keepOutputs(
  path: string,
  cells: readonly NotebookCell[],
): Promise<void> {
  const file = JSON.parse(await Deno.readTextFile(path));
  file.cells.forEach((cell: Record<string, unknown>, i: number) => {
    if (cell.cell_type !== "code") return;
    const { execution_count = null, outputs = [] } = cells[i]!;
    cell.execution_count = execution_count;
    cell.outputs = keptOutputs(outputs).map(inLines);
  });
  await Deno.writeTextFile(path, JSON.stringify(file, null, 1) + "\n");
}

/** Splits long text into lines, as Jupyter stores it. */
function inLines(output: NotebookOutput): Record<string, unknown> {
  const lines = (text: unknown) =>
    typeof text === "string" ? text.split(/(?<=\n)/) : text;
  const { text, data, ...rest } = output;
  return {
    ...rest,
    ...(text === undefined ? {} : { text: lines(text) }),
    ...(data === undefined ? {} : {
      data: {
        ...data,
        ...("text/plain" in data
          ? { "text/plain": lines(data["text/plain"]) }
          : {}),
      },
    }),
  };
}
