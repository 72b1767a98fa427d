import { type Section, sectionsOf } from "./contents.ts";
import { type PublicName, publicNames } from "./declarations.ts";
import { entryLines, isValue } from "./entry.ts";
import { anchors, link } from "./links.ts";
import { pageText } from "./page_text.ts";
import { type PagePlan, pagePlans } from "./pages.ts";

const doors = ["sql", "questions", "importers", "plots", "report"];

/** A page on its way: what stands on it, in which order. */
interface Page extends PagePlan {
  parts: { section: Section; entries: Entry[] }[];
}

/** A name, and how many # its heading has: types stand below what has them. */
interface Entry {
  entry: PublicName;
  level: 3 | 4;
}

/** The pages of what the doors export, and a list of all names on them. */
export async function doorPages(): Promise<
  { texts: Map<string, string>; list: string[] }
> {
  const names = new Map(
    [...await publicNames(doors)].flatMap(([, found]) =>
      found.map((name) => [name.name, name] as const)
    ),
  );
  const pages = pagesOf(names);
  const places = placesOf(pages);
  const texts = new Map<string, string>();
  for (const page of pages) {
    const context = { page: page.name, places, names };
    const lines = [`# ${page.title}`, "", page.about];
    for (const { section, entries } of page.parts) {
      lines.push("", `## ${section.title}`, "");
      lines.push(`From \`dnpc/${section.door}\`, or \`dnpc\`.`);
      for (const { entry, level } of entries) {
        lines.push("", `${"#".repeat(level)} ${entry.name}`, "");
        lines.push(...entryLines(entry, context));
      }
    }
    texts.set(`${page.name}.md`, pageText(lines));
  }
  return { texts, list: listLines(pages, places) };
}

/** Each section is on one page, and each name in one section. */
function pagesOf(names: ReadonlyMap<string, PublicName>): Page[] {
  const sections = new Map(
    doors.flatMap(sectionsOf)
      .map((section) => [`${section.door}: ${section.title}`, section]),
  );
  const left = new Set(names.keys());
  const pages = pagePlans.map((plan) => ({
    ...plan,
    parts: plan.sections.map((title) => {
      const section = sections.get(title);
      if (section === undefined) throw new Error(`No mod.ts has "${title}"`);
      sections.delete(title);
      for (const name of section.groups.flat()) left.delete(name);
      const entries = section.groups.flatMap((group) =>
        inOrder(group.map((name) => names.get(name)!))
      );
      return { section, entries };
    }),
  }));
  const unplaced = [...sections.keys(), ...left];
  if (unplaced.length > 0) {
    throw new Error(
      `On no page of the reference, in tools/reference/pages.ts: ${
        unplaced.join("; ")
      }`,
    );
  }
  return pages;
}

/** What is called stands before the types that it has. */
function inOrder(group: PublicName[]): Entry[] {
  const values = group.filter(isValue);
  const types = group.filter((name) => !isValue(name));
  const level = values.length > 0 ? 4 : 3;
  return [
    ...values.map((entry) => ({ entry, level: 3 as const })),
    ...types.map((entry) => ({ entry, level: level as 3 | 4 })),
  ];
}

function placesOf(pages: readonly Page[]): Map<string, string> {
  const places = new Map<string, string>();
  for (const page of pages) {
    const anchor = anchors();
    anchor(page.title);
    for (const { section, entries } of page.parts) {
      anchor(section.title);
      for (const { entry: { name } } of entries) {
        places.set(name, `${page.name}.md#${anchor(name)}`);
      }
    }
  }
  return places;
}

/** What there is, each with the first sentence that is said of it. */
function listLines(pages: Page[], places: Map<string, string>): string[] {
  return pages.flatMap(({ name: page, title, parts }) => [
    "",
    `## [${title}](${page}.md)`,
    ...parts.flatMap(({ section, entries }) => [
      "",
      `**${section.title}**`,
      "",
      ...entries.filter(({ level }) => level === 3).map(({ entry }) => {
        const { doc = "" } = entry.declarations[0]!.jsDoc ?? {};
        return `- ${link(entry.name, "", places)}: ${firstSentence(doc)}`;
      }),
    ]),
  ]);
}

function firstSentence(doc: string): string {
  const text = doc.replace(/\{@linkcode (\w+)\}/g, "`$1`")
    .replaceAll("\n", " ").trim();
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}
