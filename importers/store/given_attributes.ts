import type { Database } from "../../sql/mod.ts";

/** The sources whose spans an import gives other attributes, by their ids. */
export type OtherwiseGiven = Set<number>;

/** An earlier import of a source, and the attributes that it gave. */
interface Given {
  id: number;
  /** JSON; null where it was imported before that was written down. */
  attributes: string | null;
}

/**
 * The attributes that new spans of a source are given. Where none are asked
 * for, they are those of the last import of it.
 */
export function attributesOf(
  known: Given | undefined,
  given: string,
  others: OtherwiseGiven = new Set(),
): string {
  if (!known) return given;
  const before = known.attributes ?? "{}";
  if (given === "{}") return before;
  if (given !== before) others.add(known.id);
  return given;
}

/**
 * Gives the spans of sources these attributes, instead of those that the last
 * import gave. The spans stay, with their ids and keys, and what a source
 * itself says of them goes before. It is done for all sources at once, for each
 * time takes a look at all spans.
 */
export function giveAttributes(
  db: Database,
  sources: OtherwiseGiven,
  attributes: string,
): void {
  if (sources.size === 0) return;
  const ids = JSON.stringify([...sources]);
  const isOne = "IN (SELECT value FROM json_each(:ids))";
  const isImplied = `implied IS NOT NULL
    AND EXISTS (SELECT 1 FROM json_each(implied) WHERE value = :name)`;
  db.transaction(() => {
    const before = db.query<{ given: string; ids: string }>(
      `SELECT attributes AS given, json_group_array(id) AS ids FROM source
       WHERE id ${isOne} AND attributes IS NOT NULL GROUP BY attributes`,
      { ids },
    );
    for (const { given, ids } of before) {
      for (const [name, value] of members(given)) {
        db.run(
          `UPDATE span SET attributes = json_remove(attributes, :path)
           WHERE source_id ${isOne} AND attributes ->> :path = :value
             AND NOT (${isImplied})`,
          { ids, name, value, path: pathOf(name) },
        );
      }
    }
    for (const [name, value] of members(attributes)) {
      db.run(
        `UPDATE span SET attributes = json_set(attributes, :path, :value),
           implied = (SELECT nullif(json_group_array(value), '[]')
                      FROM json_each(span.implied) WHERE value <> :name)
         WHERE source_id ${isOne}
           AND (attributes -> :path IS NULL OR ${isImplied})`,
        { ids, name, value, path: pathOf(name) },
      );
    }
    db.run(
      `UPDATE source SET attributes = :attributes, bound = NULL
       WHERE id ${isOne}`,
      { ids, attributes },
    );
  });
}

const pathOf = (name: string): string => `$.${JSON.stringify(name)}`;

const members = (json: string): [name: string, value: string][] =>
  Object.entries(JSON.parse(json));
