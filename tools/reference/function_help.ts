import { deno } from "../programs.ts";
import { doors } from "./door_names.ts";

/**
 * The help of every public function, which notebooks show: its signatures and
 * the first paragraph of its doc comment.
 */
export async function functionHelp(): Promise<string> {
  const help: Record<string, { signatures: string[]; doc: string }> = {};
  for (const door of doors) {
    const blocks = (await deno("doc", "-q", door)).matchAll(
      /^(?:async )?function\*? (\w+)(.*)\n((?: {2}.*\n)+)/gm,
    );
    for (const [, name = "", rest = "", doc = ""] of blocks) {
      const own = help[name] ??= { signatures: [], doc: withoutLinks(doc) };
      own.signatures.push(name + rest);
    }
  }
  return JSON.stringify(help, null, 1) + "\n";
}

const withoutLinks = (doc: string): string =>
  doc.replace(/^ {2}/gm, "").replace(/\{@link(?:code)? (\w+)\}/g, "$1").trim();
