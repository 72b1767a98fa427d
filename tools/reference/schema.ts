import { inCheckout } from "../checkout.ts";

/** A file of SQL that makes tables, read by its comments. */
export interface SchemaFile {
  /** What the file says of all of them. */
  about: string;
  tables: SchemaTable[];
}

/** A table, as the comments of its file describe it. */
export interface SchemaTable {
  name: string;
  about: string;
  columns: SchemaColumns[];
  /** What to ask of it, and how. */
  examples: { title: string; sql: string }[];
}

/** Columns that one comment speaks of: mostly one. */
export interface SchemaColumns {
  names: string[];
  types: string[];
  about: string;
}

/**
 * Reads a file in which a comment stands above each table and each column.
 * A comment is of all columns down to the next comment. In one above a table,
 * "Example: …" begins a query, which is indented.
 *
 * @throws {SyntaxError} for a table or a column that no comment speaks of
 */
export function readSchema(...path: string[]): SchemaFile {
  const text = Deno.readTextFileSync(inCheckout(...path));
  const [, head = ""] = /^((?:--.*\n)+)\n/.exec(text) ?? [];
  const tables = text.matchAll(
    /(?<comment>(?:--.*\n)*)CREATE TABLE IF NOT EXISTS (?<name>\w+) \(\n(?<body>[\s\S]*?)\n\);/g,
  );
  return {
    about: plain(head),
    tables: [...tables].map(({ groups = {} }) => {
      const { comment = "", name = "", body = "" } = groups;
      const [about = "", ...examples] = plain(comment).split(/^Example: /m);
      if (about.trim() === "") {
        throw new SyntaxError(`${path.join("/")}: no comment above ${name}`);
      }
      return {
        name,
        about: about.trim(),
        columns: columnsOf(body, `${path.join("/")}, ${name}`),
        examples: examples.map(exampleOf),
      };
    }),
  };
}

function columnsOf(body: string, where: string): SchemaColumns[] {
  const columns: SchemaColumns[] = [];
  let comment: string[] = [];
  for (const line of body.split("\n")) {
    const [, said] = /^ +-- ?(.*)$/.exec(line) ?? [];
    if (said !== undefined) {
      comment.push(said);
      continue;
    }
    // A constraint of the whole table is no column.
    const [, name, type] = /^ +([a-z_]+) ([A-Z]+)/.exec(line) ?? [];
    if (name === undefined || type === undefined) continue;
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

/** Comments without their dashes. */
function plain(comment: string): string {
  return comment.replace(/^-- ?/gm, "").trimEnd();
}
