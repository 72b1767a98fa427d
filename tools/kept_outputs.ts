import { checkout } from "./checkout.ts";
import type { NotebookOutput } from "./notebook.ts";

/**
 * What of outputs is kept in a file: pictures and text. GitHub, and a notebook
 * that is not trusted, show PNG where they show no SVG, and text where they
 * strip HTML. What another machine or another day would show otherwise is left
 * out: where the checkout lies, how long an import took, and its progress.
 */
export function keptOutputs(
  outputs: readonly NotebookOutput[],
): NotebookOutput[] {
  return outputs.flatMap((output): NotebookOutput[] => {
    if (output.data === undefined) {
      const { text, ...rest } = output;
      return [text === undefined ? output : { ...rest, text: kept(text) }];
    }
    const { "image/png": picture, "text/plain": text } = output.data;
    const data: Record<string, unknown> = {};
    if (picture !== undefined) data["image/png"] = picture;
    if (typeof text === "string") data["text/plain"] = kept(text);
    const isEmpty = Object.keys(data).length === 0;
    return isEmpty || isProgress(output)
      ? []
      : [{ ...output, data, metadata: {} }];
  });
}

/** Text without colours, which are for a terminal. */
export function kept(text: string): string {
  return text
    // deno-lint-ignore no-control-regex
    .replace(/\x1b\[[\d;]*m/g, "")
    .replaceAll(`${checkout}/`, "")
    .replace(/^(\d+ sources? of .*? in )\d+\.\d+ s/gm, "$1… s");
}

/** Whether it is what a long import shows below its cell. */
export function isProgress(
  { output_type, data = {} }: NotebookOutput,
): boolean {
  return output_type === "display_data" && Object.keys(data).length === 1 &&
    /^\d+ (% of \d+ )?MB/.test(String(data["text/plain"]));
}
