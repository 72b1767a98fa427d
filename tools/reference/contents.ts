import { inCheckout } from "../checkout.ts";

/** A part of a door's `mod.ts`, under a comment that is its title. */
export interface Section {
  /** Such as "plots". */
  door: string;
  title: string;
  /** Names that are exported together: of one file each. */
  groups: string[][];
}

/**
 * The sections of a door: its `mod.ts` reads like a table of contents, and so
 * is that of the reference.
 */
export function sectionsOf(door: string): Section[] {
  const text = Deno.readTextFileSync(inCheckout(door, "mod.ts"));
  const sections: Section[] = [];
  const pattern =
    /^\/\/ (?<title>.+)$|^export (?:type )?\{(?<names>[^}]*)\} from|^export \*/gm;
  for (const { 0: found, groups = {} } of text.matchAll(pattern)) {
    const { title, names } = groups;
    if (title !== undefined) sections.push({ door, title, groups: [] });
    else if (names !== undefined && sections.length > 0) {
      sections.at(-1)!.groups.push(
        names.split(",").map((name) => name.trim().replace(/^type /, ""))
          .filter(Boolean),
      );
    } else {
      throw new Error(
        `${door}/mod.ts has "${found}" where names below a comment are expected`,
      );
    }
  }
  return sections;
}
