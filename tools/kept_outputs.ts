import { checkout } from "./checkout.ts";
import type { NotebookOutput } from "./notebook.ts";

/**
 * The outputs to keep in a notebook's file: pictures as PNG, because GitHub and
 * untrusted notebooks show no SVG, and text, because they strip HTML. Leaves
 * out what differs between machines and days: the path of the checkout, the
 * duration of an import, progress.
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

/** Text without terminal colors, paths and durations. */
export function kept(text: string): string {
  return text
    // deno-lint-ignore no-control-regex
    .replace(/\x1b\[[\d;]*m/g, "")
    .replaceAll(`${checkout}/`, "")
    .replace(/^((?:\d+ sources? of|Read from) .* in )\d+\.\d+ s/gm, "$1… s");
}

/** Whether an output is the progress of an import. */
export function isProgress(
  { output_type, data = {} }: NotebookOutput,
): boolean {
  return output_type === "display_data" && Object.keys(data).length === 1 &&
    /^\d+(?:% of \d+)? MB/.test(String(data["text/plain"]));
}
