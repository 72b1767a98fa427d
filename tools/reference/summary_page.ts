import { inCheckout } from "../checkout.ts";

const path = "questions/runs/summary_schema.ts";

/** An object of the schema. */
export interface SchemaObject {
  about: string;
  /** Its members by name. */
  members: Record<string, { type: string; about: string }>;
}

/** The objects of a summary's JSON by name, from their interfaces. */
export const summarySchema: Readonly<Record<string, SchemaObject>> = Object
  .fromEntries(
    Deno.readTextFileSync(inCheckout(path))
      .matchAll(/\/\*\*(.*?)\*\/\nexport interface (\w+) \{\n(.*?)\n\}/gs)
      .map(([, comment, name, body]) => [name, {
        about: withoutStars(comment!),
        members: Object.fromEntries(
          // Methods are not part of the JSON.
          body!.matchAll(
            / {2}\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n {2}(\w+):([^;]*);/g,
          )
            .map(([, comment, name, type]) => [name, {
              type: type!.replace(/\s+/g, " ").replace(/^ (?:\| )?/, ""),
              about: withoutStars(comment!),
            }]),
        ),
      }]),
  );

/** The page of the JSON of `dnpc summary --json`. */
export const summaryPage = (): string[] => [
  "# The JSON of a summary",
  "",
  "`dnpc summary DATA --json` prints one object, a `Summary`; " +
  "`JSON.stringify(summary(db))` is the same. " +
  "[`examples/dashboard.ts`](../../examples/dashboard.ts) makes a page of it.",
  ...Object.entries(summarySchema).flatMap(([name, { about, members }]) => [
    "",
    `## ${name}`,
    "",
    about,
    "",
    "| member | type | meaning |",
    "| --- | --- | --- |",
    ...Object.entries(members).map(([name, { type, about }]) =>
      `| \`${name}\` | ${type.replaceAll("|", "\\|")} | ${about} |`
    ),
  ]),
];

function withoutStars(comment: string): string {
  return comment.replace(/^\s*\*/gm, "").replace(/\s+/g, " ")
    .replace(/\{@linkcode (\w+)\}/g, "`$1`").trim();
}
