import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { assertKept } from "./kept.ts";

/** What a notebook has shown. */
export interface Shown {
  /** The text of what each cell of code ended in, or else printed. */
  texts: string[];
  /** The titles of the charts among them, in order. */
  titles: string[];
}

/**
 * Executes one of the notebooks of this repository: what it shows is what its
 * file has.
 */
export async function showNotebook(name: string): Promise<Shown> {
  const { cells } = await executeNotebook(
    inCheckout("notebooks", `${name}.ipynb`),
  );
  await assertKept(name, cells);
  const texts: string[] = [];
  const titles: string[] = [];
  for (const { cell_type, outputs = [] } of cells) {
    if (cell_type !== "code") continue;
    const data = outputs.find(({ output_type }) =>
      output_type === "execute_result"
    )?.data ?? {};
    const printed = outputs.map(({ text }) => text ?? "").join("");
    const text = String(data["text/plain"] ?? printed);
    texts.push(text);
    if (!("image/svg+xml" in data)) continue;
    assert.ok("image/png" in data, "a chart has a PNG too");
    titles.push(text.split("\n")[0]!);
  }
  return { texts, titles };
}

/** That some cell has shown a text that matches: a row, a caption. */
export function assertShown({ texts }: Shown, pattern: RegExp): void {
  assert.ok(
    texts.some((text) => pattern.test(text)),
    `${pattern} is in none of what was shown:\n${texts.join("\n\n")}`,
  );
}

/** The words of the line of a table that begins with a word. */
export function lineOf(text: string | undefined, word: string): string[] {
  const line = text?.split("\n").map((line) => line.trim().split(/\s{2,}/))
    .find(([first]) => first === word);
  assert.ok(line, `${word} is in\n${text}`);
  return line;
}
