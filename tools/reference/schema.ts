import { inCheckout } from "../checkout.ts";

/** A file of SQL that creates tables, with its comments. */
interface SchemaFile {
  path: string;
  /** The comment at the top of the file. */
  about: string;
  tables: SchemaTable[];
}

interface SchemaTable {
  name: string;
  about: string;
  columns: SchemaColumns[];
  examples: { title: string; sql: string }[];
}

/** Columns that share one comment. */
interface SchemaColumns {
  names: string[];
  types: string[];
  about: string;
}

/** The file of the tables that every import writes. */
export const dnpcTables = readSchema("sql/schema.sql");

/** The file of Parsl's own tables. */
export const monitoringTables = readSchema(
  "importers/formats/monitoring/tables.sql",
);

/** The page of the tables that imports write. */
export function schemaPage(): string[] {
  return [
    "# The schema",
    "",
    "One SQLite database holds three kinds of tables: spans, events and the " +
    "relations between them, the same for all components; Parsl's own " +
    "monitoring tables, unchanged; and the records of JSON logs. Your own " +
    "tables may stand beside them.",
    "",
    "[Span types](span_types.md) lists the types of spans and events, and " +
    "[the glossary](../glossary.md) explains the terms.",
    ...part("Spans, events, records", dnpcTables),
    ...part("Parsl's monitoring tables", monitoringTables),
  ];
}

function part(title: string, file: SchemaFile): string[] {
  return [
    "",
    `## ${title}`,
    "",
    `[\`${file.path}\`](../../${file.path})`,
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
    "| column | type | meaning |",
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

/**
 * Reads a file that has a comment above each table and each column. A column's
 * comment also covers the columns below it, up to the next comment. Above a
 * table, "Example: …" begins an indented query.
 *
 * @throws {SyntaxError} for a table or a column without a comment
 */
function readSchema(path: string): SchemaFile {
  const text = Deno.readTextFileSync(inCheckout(path));
  const [, head = ""] = /^((?:--.*\n)+)\n/.exec(text) ?? [];
  const tables = text.matchAll(
    /(?<comment>(?:--.*\n)*)CREATE (?:TABLE|VIEW) IF NOT EXISTS (?<name>\w+) \(\n(?<body>[\s\S]*?)\n\)[^;]*;/g,
  );
  // A view has the types of the tables above it.
  const typesOfNames = new Map<string, string>();
  return {
    path,
    about: withoutDashes(head),
    tables: [...tables].map(({ groups = {} }) => {
      const { comment = "", name = "", body = "" } = groups;
      const [about = "", ...examples] = withoutDashes(comment).split(
        /^Example: /m,
      );
      if (about.trim() === "") {
        throw new SyntaxError(`${path}: no comment above ${name}`);
      }
      return {
        name,
        about: about.trim(),
        columns: schemaColumns(body, `${path}, ${name}`, typesOfNames),
        examples: examples.map(exampleOf),
      };
    }),
  };
}

function schemaColumns(
  body: string,
  where: string,
  typesOfNames: Map<string, string>,
): SchemaColumns[] {
  const columns: SchemaColumns[] = [];
  let comment: string[] = [];
  for (const line of body.split("\n")) {
    const [, text] = /^ +-- ?(.*)$/.exec(line) ?? [];
    if (text !== undefined) {
      comment.push(text);
      continue;
    }
    // Skip constraints of the whole table.
    const [, name, declared] = /^ +"?([a-z_]+)"?(?: ([A-Z]+)|,?$)/.exec(line) ??
      [];
    const type = declared ?? typesOfNames.get(name!);
    if (name === undefined || type === undefined) continue;
    typesOfNames.set(name, type);
    if (comment.length > 0) {
      columns.push({ names: [], types: [], about: comment.join(" ") });
    }
    const last = columns.at(-1);
    if (last === undefined) {
      throw new SyntaxError(`${where}: no comment above ${name}`);
    }
    last.names.push(name);
    last.types.push(type);
    comment = [];
  }
  return columns;
}

/** "title\n  SELECT …", the query indented. */
function exampleOf(text: string): { title: string; sql: string } {
  const [title = "", ...lines] = text.trimEnd().split("\n");
  const sql = lines.map((line) => line.replace(/^ {2}/, "")).join("\n");
  return { title: title.trim(), sql: sql.trim() };
}

function withoutDashes(comment: string): string {
  return comment.replace(/^-- ?/gm, "").trimEnd();
}
