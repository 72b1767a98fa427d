import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { shareNbconvert } from "../tools/shared_nbconvert.ts";
import { assertKept } from "./kept.ts";

shareNbconvert();

/** Outputs of a notebook. */
export interface Shown {
  /** Text of each code cell's result, or else of its printed output. */
  texts: string[];
  /** Titles of the charts, in order. */
  titles: string[];
}

/**
 * Executes a notebook of this repository, and checks that it reproduces the
 * outputs stored in its file.
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

/** Checks that the text of some cell matches, such as a row or a caption. */
export function assertShown({ texts }: Shown, pattern: RegExp): void {
  assert.ok(
    texts.some((text) => pattern.test(text)),
    `${pattern} matches no output:\n${texts.join("\n\n")}`,
  );
}

/** The words of the table row that starts with a word. */
export function lineOf(text: string | undefined, word: string): string[] {
  const line = text?.split("\n").map((line) => line.trim().split(/\s{2,}/))
    .find(([first]) => first === word);
  assert.ok(line, `${word} is in\n${text}`);
  return line;
}
