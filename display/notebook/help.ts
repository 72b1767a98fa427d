import { jupyterOrNothing } from "./jupyter.ts";

/** Signatures and the first paragraph of a doc comment, by name of function. */
type Help = Record<string, { signatures: string[]; doc: string }>;

/**
 * Lets every function of a door show its help where it ends a cell of a notebook,
 * in place of `[Function: name]`. The texts are those of the doc comments, which
 * `deno task reference` collects.
 *
 * @param door URL of the door's module
 */
export function showHelp(door: string): void {
  if (jupyterOrNothing() !== undefined) addHelp(door).catch(() => {});
}

async function addHelp(door: string): Promise<void> {
  const texts = new URL("../../docs/reference/functions.json", import.meta.url);
  const { default: help }: { default: Help } = await import(texts.href, {
    with: { type: "json" },
  });
  const members: Record<string, unknown> = await import(door);
  for (const [name, member] of Object.entries(members)) {
    const text = help[name];
    if (typeof member !== "function" || !text) continue;
    // The kernel asks a function for nothing else.
    Object.defineProperty(member, Symbol.for("Deno.customInspect"), {
      value: () => `${text.signatures.join("\n")}\n\n${text.doc}`,
    });
  }
}
