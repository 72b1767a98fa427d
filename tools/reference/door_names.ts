import { deno } from "../programs.ts";

/** The doors, as their files in the checkout. */
export const doors = [
  "sql",
  "questions",
  "importers",
  "plots",
  "report",
  "campaign",
]
  .map((name) => `${name}/mod.ts`);

interface Symbol {
  name: string;
  declarations: { kind: string; jsDoc?: { doc?: string } }[];
}

/** A list of everything public, by door, each with its first sentence. */
export async function doorNames(): Promise<string[]> {
  const { nodes } = JSON.parse(await deno("doc", "--json", ...doors)) as {
    nodes: Record<string, { symbols: Symbol[] }>;
  };
  return Object.entries(nodes).flatMap(([file, { symbols }]) => [
    "",
    `## dnpc/${file.split("/").at(-2)}`,
    "",
    ...symbols.map(({ name, declarations }) =>
      `- \`${name}\`: ${firstSentence(declarations[0]!.jsDoc?.doc ?? "")}`
    ).sort(),
  ]);
}

function firstSentence(doc: string): string {
  const text = doc.replace(/\{@link(?:code)? (\w+)\}/g, "`$1`")
    .replaceAll("\n", " ").trim();
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}
