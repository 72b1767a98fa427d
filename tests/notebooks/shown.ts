import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";

/** What the cells of a notebook have shown, once it was executed. */
export interface Shown {
  /** The text of what each cell of code has shown at its end, "" for nothing. */
  texts: string[];
  /** Of the charts among them, the title. */
  charts: string[];
}

/** Executes a notebook of this repository in a real kernel. */
export async function shownBy(name: string): Promise<Shown> {
  const { cells } = await executeNotebook(inCheckout("notebooks", name));
  const results = cells.filter(({ cell_type }) => cell_type === "code")
    .map(({ outputs }) =>
      outputs?.find(({ output_type }) => output_type === "execute_result")
        ?.data ?? {}
    );
  const text = (data: Record<string, unknown>) =>
    String(data["text/plain"] ?? "");
  const drawn = results.filter((data) => "image/svg+xml" in data);
  for (const data of drawn) assert.ok("image/png" in data);
  return {
    texts: results.map(text),
    charts: drawn.map((data) => text(data).split("\n")[0]!),
  };
}

/** That some cell has shown a text that matches: a row, a caption. */
export function assertShown({ texts }: Shown, pattern: RegExp): void {
  assert.ok(
    texts.some((text) => pattern.test(text)),
    `${pattern} is in none of what was shown:\n${texts.join("\n\n")}`,
  );
}
