import { schemaVersion } from "dnpc/sql";

const schema = await Deno.readTextFile("sql/schema.sql");

/** The tables that imports write. */
export const tableNames = [
  ...schema.matchAll(/^CREATE TABLE [\w ]*?(\w+) \(/gm),
]
  .map(([, name]) => name!);

/** A change of a table that acts on rows, and how a refusal names it. */
export interface Change {
  /** SQL that runs after the schema, or a column that begins the table. */
  script: string;
  isColumn: boolean;
  says: RegExp;
}

const word = (change: string) => new RegExp(`another ${change} `);

/** Changes of a table, each of which some program could make. */
export function changesOf(table: string): Change[] {
  const triggers = ["BEFORE", "AFTER"].flatMap((when) =>
    ["INSERT", "UPDATE", "DELETE"].map((action) =>
      `CREATE TRIGGER changed ${when} ${action} ON ${table}
       BEGIN DELETE FROM event; END`
    )
  );
  const scripts = [
    ...triggers,
    `ALTER TABLE ${table} ADD COLUMN changed AS (1)`,
    `CREATE UNIQUE INDEX changed ON ${table} (abs(1)) WHERE 0`,
  ];
  const columns: [column: string, says: RegExp][] = [
    ["changed AS (1) STORED", /"changed"/],
    ["changed TEXT AS (hex(zeroblob(400000000)))", /"changed"/],
    ["changed CHECK (1)", word("CHECK")],
    ["changed UNIQUE ON CONFLICT IGNORE", word("UNIQUE")],
    ["changed DEFAULT (randomblob(9))", word("DEFAULT")],
    ["changed DEFAULT 0 NOT NULL ON CONFLICT IGNORE", word("DEFAULT")],
    ["changed COLLATE NOCASE", word("COLLATE")],
  ];
  return [
    ...scripts.map((script) => ({
      script,
      isColumn: false,
      says: /"changed"/,
    })),
    ...columns.map(([script, says]) => ({ script, isColumn: true, says })),
  ];
}

const content = `
  INSERT INTO span (type, key) VALUES ('a', 'b'), ('a', 'c');
  INSERT INTO event_type (id, type) VALUES (1, 'd');
  INSERT INTO event_row (span_id, time, type_id) VALUES (1, 5, 1), (2, 6, 1);`;

/** A script of dnpc's schema with two spans, two events and a change. */
export function changedSchema(
  table: string,
  { script, isColumn }: Change,
): string {
  const start = `IF NOT EXISTS ${table} (`;
  const tables = isColumn
    ? schema.replace(start, `${start}\n  ${script},`)
    : schema;
  return `${tables}; PRAGMA user_version = ${schemaVersion}; ${content}
    ${isColumn ? "" : script}`;
}

/** Other objects called like a table of dnpc. */
export const tablesInPlace = (
  table: string,
): { script: string; says: RegExp }[] => [
  {
    script: `CREATE VIEW ${table} AS SELECT 1 AS id, 2 AS type, 3 AS time`,
    says: new RegExp(`a view "${table}" that is not dnpc's`),
  },
  {
    script: `CREATE VIRTUAL TABLE ${table} USING fts4 (id, type, time)`,
    says: new RegExp(`a virtual table "${table}" that is not dnpc's`),
  },
  {
    script: `CREATE TABLE ${table} (rank, suit)`,
    says: new RegExp(`a table "${table}" that is not dnpc's: it has no column`),
  },
  {
    script: `CREATE TABLE "${table.toUpperCase()}" (rank); CREATE TABLE a (b);
      PRAGMA user_version = 9`,
    says: new RegExp(`a table "${table.toUpperCase()}" that is not dnpc's`),
  },
];
