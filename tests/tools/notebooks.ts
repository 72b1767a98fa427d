import { join } from "node:path";

/** Writes a notebook with these code cells, like one of a user. */
export async function writeNotebook(
  folder: string,
  cells: readonly string[],
): Promise<string> {
  const path = join(folder, "notebook.ipynb");
  const notebook = {
    cells: cells.map((source, index) => ({
      id: `cell-${index}`,
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: {
        name: "deno",
        display_name: "Deno",
        language: "typescript",
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  await Deno.writeTextFile(path, JSON.stringify(notebook));
  return path;
}
