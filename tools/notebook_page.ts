import { inCheckout } from "./checkout.ts";
import { isProgress, kept } from "./kept_outputs.ts";
import type { NotebookCell } from "./notebook.ts";

/** The notebooks that are pages of docs/, too. */
export const pages = ["gallery", "guide", "ten_questions"];

/** Writes a page of docs/ and its pictures from an executed notebook. */
export async function notebookPage(
  name: string,
  cells: readonly NotebookCell[],
): Promise<void> {
  const folder = inCheckout("docs", name);
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const nameOf = pictureNames();
  const parts = [
    `<!-- Written by \`deno task notebooks ${name}\`. -->`,
  ];
  for (const { cell_type, source, outputs = [] } of cells) {
    if (cell_type !== "code") {
      parts.push(onPage(source));
      if (parts.length === 2) parts.push(origin(name));
      continue;
    }
    parts.push("```ts ignore\n" + source + "\n```");
    for (const output of outputs) {
      if (isProgress(output)) continue;
      const { data = {} } = output;
      const svg = data["image/svg+xml"];
      const text = kept(String(data["text/plain"] ?? ""));
      if (typeof svg !== "string") {
        if (text) parts.push(textPart(text));
        continue;
      }
      const file = nameOf(source);
      const [title = ""] = text.split("\n");
      const pictures: readonly { suffix: string; scheme?: string }[] =
        name === "gallery" ? schemes : [{ suffix: "" }];
      const images: string[] = [];
      for (const { suffix, scheme } of pictures) {
        const path = `${name}/${file}${suffix}.svg`;
        await Deno.writeTextFile(
          inCheckout("docs", path),
          scheme ? inScheme(svg, scheme) : svg,
        );
        images.push(
          scheme
            ? `<img src="${path}" width="49%" alt="${
              escaped(title)
            }, ${scheme}">`
            : `![${title.replace(/[[\]]/g, "")}](${path})`,
        );
      }
      parts.push(images.join("\n"));
    }
  }
  await Deno.writeTextFile(
    `${folder}.md`,
    parts.join("\n\n") + "\n",
  );
}

/** The gallery shows each picture twice. */
const schemes = [
  { suffix: "", scheme: "light" },
  { suffix: "_dark", scheme: "dark" },
];

/** A chart that does not follow the page, but has one color scheme. */
const inScheme = (svg: string, scheme: string): string =>
  svg.replace("color-scheme:light dark", `color-scheme:${scheme}`);

/** A text output; folded if it is long, with its first line to open it. */
function textPart(text: string): string {
  const part = "```text\n" + text + "\n```";
  if (text.split("\n").length <= 30) return part;
  const [first = ""] = text.split("\n");
  return `<details><summary>${
    escaped(first)
  }</summary>\n\n${part}\n\n</details>`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");

const origin = (name: string) =>
  `This page is generated from [\`notebooks/${name}.ipynb\`](../notebooks/` +
  `${name}.ipynb), which the tests run; \`deno task lab\` opens it.`;

/** Text of a notebook as the page has it: links lead from docs/. */
export const onPage = (text: string): string =>
  text.replaceAll("](../docs/", "](")
    .replace(/\]\((?=\w+\.ipynb)/g, "](../notebooks/");

/** Names each picture for the last function that its cell calls. */
function pictureNames(): (source: string) => string {
  const taken = new Map<string, number>();
  return (source) => {
    const helper = [...source.matchAll(/^(?:await )?(\w+)\(/gm)].at(-1)?.[1] ??
      "chart";
    const name = helper.replace(
      /[A-Z]/g,
      (letter) => `_${letter.toLowerCase()}`,
    );
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  };
}
