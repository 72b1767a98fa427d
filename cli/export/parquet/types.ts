import { type Database, type Sql, sql, type SqlValue } from "dnpc/sql";
import { plainText } from "../../output/values.ts";

/** What a column is in Parquet. */
export interface ColumnType {
  name: string;
  type: "INT64" | "DOUBLE" | "STRING" | "BYTE_ARRAY";
}

/**
 * The types of columns, by the values that are in them: SQLite lets any value
 * into any column. Where there is none, what was declared says it.
 *
 * @param source a table's name, quoted, or a query in parentheses
 */
export function typesOf(
  db: Database,
  source: Sql,
  columns: readonly { name: string; declared?: string }[],
): ColumnType[] {
  const kinds = ["integer", "real", "text", "blob"];
  const looks = columns.flatMap(({ name }, i) =>
    kinds.map((kind) =>
      sql`max(typeof(${sql.id(name)}) = ${kind}) AS ${sql.id(`${kind}${i}`)}`
    )
  );
  const [seen] = db.query(sql`SELECT ${sql.join(looks)} FROM ${source}`);
  return columns.map(({ name, declared = "" }, i) => {
    const has = (kind: string) => seen?.[`${kind}${i}`] === 1;
    return { name, type: typeOf(kinds.filter(has), declared) };
  });
}

function typeOf(
  kinds: readonly string[],
  declared: string,
): ColumnType["type"] {
  const [kind = affinity(declared)] = kinds;
  const isNumeric = kinds.every((kind) =>
    kind === "integer" || kind === "real"
  );
  if (kinds.length > 1) return isNumeric ? "DOUBLE" : "STRING";
  switch (kind) {
    case "integer":
      return "INT64";
    case "real":
      return "DOUBLE";
    case "blob":
      return "BYTE_ARRAY";
    default:
      return "STRING";
  }
}

const affinity = (declared: string): string =>
  /INT/i.test(declared)
    ? "integer"
    : /REAL|FLOA|DOUB/i.test(declared)
    ? "real"
    : "text";

/** A value as its column wants it. */
export function valueFor(type: ColumnType["type"], value: SqlValue): unknown {
  if (value === null) return null;
  switch (type) {
    case "INT64":
      return BigInt(value as number | bigint);
    case "DOUBLE":
      return Number(value);
    case "STRING":
      return plainText(value);
    case "BYTE_ARRAY":
      return value;
  }
}
