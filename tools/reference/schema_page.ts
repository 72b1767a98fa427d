import { pageText } from "./page_text.ts";
import { readSchema, type SchemaFile, type SchemaTable } from "./schema.ts";

/** The file of the tables that every import writes. */
export const dnpcTables = readSchema("sql", "schema.sql");

/** The file of Parsl's own tables. */
export const monitoringTables = readSchema(
  "importers",
  "formats",
  "monitoring",
  "tables.sql",
);

/** The page of the tables that imports make. */
export function schemaPage(): string {
  return pageText([
    "# The schema",
    "",
    "In one SQLite database lie, side by side: spans, events and what relates " +
    "them, which are the same for all components; Parsl's own monitoring " +
    "tables, as they are; and records of JSON logs, kept whole. A user's own " +
    "tables may lie beside them.",
    "",
    "Which types of span and event there are, " +
    "[the list of span types](span_types.md) says.",
    ...part("Spans, events, records", "sql/schema.sql", dnpcTables),
    ...part(
      "Parsl's monitoring tables",
      "importers/formats/monitoring/tables.sql",
      monitoringTables,
    ),
  ]);
}

function part(title: string, path: string, file: SchemaFile): string[] {
  return [
    "",
    `## ${title}`,
    "",
    `[\`${path}\`](../../${path})`,
    "",
    file.about,
    ...file.tables.flatMap(tableLines),
  ];
}

function tableLines(table: SchemaTable): string[] {
  return [
    "",
    `### ${table.name}`,
    "",
    table.about,
    "",
    "| column | type | what it is |",
    "| --- | --- | --- |",
    ...table.columns.map(({ names, types, about }) => {
      const kinds = [...new Set(types)].join(", ");
      const columns = names.map((name) => `\`${name}\``).join(", ");
      return `| ${columns} | ${kinds} | ${about.replaceAll("|", "\\|")} |`;
    }),
    ...table.examples.flatMap(({ title, sql }) => [
      "",
      `${title}:`,
      "",
      "```sql ignore",
      sql,
      "```",
    ]),
  ];
}
