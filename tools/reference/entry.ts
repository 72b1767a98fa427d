import { existsSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { inCheckout } from "../checkout.ts";
import { columnsAsList } from "./columns.ts";
import type { Context } from "./context.ts";
import type { Comment, Declaration, PublicName } from "./declarations.ts";
import { link, withLinks } from "./links.ts";
import { memberLines } from "./members.ts";
import { parametersOf, typeParametersText, typeText } from "./type_text.ts";

/** Whether it is called or used, and no type alone. */
export function isValue({ declarations }: PublicName): boolean {
  return ["function", "variable", "class"].includes(declarations[0]!.kind);
}

/** A name as the lines of a page, below its heading. */
export function entryLines(entry: PublicName, context: Context): string[] {
  // What an overloaded function is made with is no part of what is called.
  const declarations = entry.declarations.length === 1
    ? entry.declarations
    : entry.declarations.filter(({ def }) => !def.hasBody);
  const lines = [isValue(entry) ? source(entry.declarations[0]!) : ""];
  for (const declaration of declarations) {
    const { jsDoc = {} } = declaration;
    const signature = signatureText(entry.name, declaration);
    if (signature) lines.push("", "```ts ignore", signature, "```");
    const said = columnsAsList(jsDoc.doc ?? "");
    lines.push("", withLinks(said, context.page, context.places));
    lines.push(...tagLines(jsDoc, context), ...pictureLines(entry.name));
    lines.push(...memberLines(declaration, context));
    lines.push(...exampleLines(jsDoc));
  }
  return lines;
}

/** The door to import from, and the file to read on in. */
function source({ location }: Declaration): string {
  const path = relative(
    inCheckout("docs", "reference"),
    fileURLToPath(location.filename),
  );
  const file = path.replace(/^(\.\.\/)+/, "");
  return `[\`${file}\`](${path})`;
}

function signatureText(name: string, { kind, def }: Declaration): string {
  switch (kind) {
    case "function": {
      const returned = def.returnType ? typeText(def.returnType) : "void";
      const params = parametersOf(def);
      const start = `${name}${typeParametersText(def)}(`;
      const line = `${start}${params.join(", ")}): ${returned}`;
      return line.length <= 80
        ? line
        : `${start}\n${
          params.map((text) => `  ${text},\n`).join("")
        }): ${returned}`;
    }
    case "variable":
      return def.tsType ? `const ${name}: ${typeText(def.tsType)}` : "";
    case "typeAlias":
      return `type ${name}${typeParametersText(def)} = ${typeText(def.tsType!)}`
        .replace(
          / = (.* \| .*)$/,
          (line, union) =>
            line.length < 60
              ? line
              : ` =\n  | ${union.replaceAll(" | ", "\n  | ")}`,
        );
    default:
      return "";
  }
}

/** As the gallery has it, whose pictures are called after what draws them. */
function pictureLines(name: string): string[] {
  const file = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const path = inCheckout("docs", "gallery", `${file}.svg`);
  return existsSync(path) && name !== "plot"
    ? ["", `[![${name}](../gallery/${file}.svg)](../gallery.md)`]
    : [];
}

function tagLines({ tags = [] }: Comment, { page, places }: Context): string[] {
  const lines: string[] = [];
  for (const { kind, name, doc = "", tsType } of tags) {
    const text = withLinks(doc, page, places).replaceAll("\n", " ");
    if (kind === "param") lines.push(`- \`${name}\`: ${text}`);
    if (kind === "return") lines.push(`- Gives ${text}`);
    if (kind === "throws") {
      const type = tsType ? `${link(typeText(tsType), page, places)} ` : "";
      lines.push(`- Throws ${type}${text}`);
    }
  }
  return lines.length > 0 ? ["", ...lines] : [];
}

/** They run in the tests, where they stand: not on the page once more. */
function exampleLines({ tags = [] }: Comment): string[] {
  return tags.filter(({ kind }) => kind === "example").flatMap(
    ({ doc = "" }) => {
      const [, title, code] = /^(.*?)```ts\n(.*)```\s*$/s.exec(doc) ?? [];
      return [
        "",
        ...title?.trim() ? [`${title.trim()}:`, ""] : [],
        "```ts ignore",
        (code ?? doc).trimEnd(),
        "```",
      ];
    },
  );
}
