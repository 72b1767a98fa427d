import { inCheckout } from "./checkout.ts";
import { isProgress, kept } from "./kept_outputs.ts";
import type { NotebookCell } from "./notebook.ts";

const folder = inCheckout("docs", "gallery");

const origin =
  "This page is generated from [`notebooks/gallery.ipynb`](../notebooks/gallery.ipynb), " +
  "which the tests run; `deno task lab` opens it.";

/** Writes docs/gallery.md and its pictures from the executed notebook. */
export async function galleryPage(
  cells: readonly NotebookCell[],
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const parts = [
    "<!-- Written by `deno task notebooks gallery`. -->",
  ];
  for (const { cell_type, source, outputs = [] } of cells) {
    if (cell_type !== "code") {
      parts.push(source);
      if (parts.length === 2) parts.push(origin);
      continue;
    }
    parts.push("```ts ignore\n" + source + "\n```");
    for (const output of outputs) {
      if (isProgress(output)) continue;
      const { data = {} } = output;
      const svg = data["image/svg+xml"];
      const text = kept(String(data["text/plain"] ?? ""));
      if (typeof svg !== "string") {
        if (text) parts.push("```text\n" + text + "\n```");
        continue;
      }
      const name = `${fileName(source)}.svg`;
      await Deno.writeTextFile(`${folder}/${name}`, svg);
      const [title = ""] = text.split("\n");
      parts.push(`![${title.replace(/[[\]]/g, "")}](gallery/${name})`);
    }
  }
  await Deno.writeTextFile(
    inCheckout("docs", "gallery.md"),
    parts.join("\n\n") + "\n",
  );
}

const taken = new Map<string, number>();

/** A picture is named for the last function that the cell calls. */
function fileName(source: string): string {
  const helper = [...source.matchAll(/^(?:await )?(\w+)\(/gm)].at(-1)?.[1] ??
    "chart";
  const name = helper.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count === 1 ? name : `${name}_${count}`;
}
