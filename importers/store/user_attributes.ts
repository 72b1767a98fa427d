import { type Database, jsonPath, sql, widen } from "../../sql/mod.ts";

/**
 * Refuses attributes with names that identify spans: they would relate spans of
 * different runs, or none.
 *
 * @throws {TypeError} if there is one
 */
export function refuseNames(
  identifying: ReadonlySet<string>,
  attributes: object = {},
): void {
  for (const name of Object.keys(attributes)) {
    if (!identifying.has(name)) continue;
    throw new TypeError(
      `the attribute "${name}" identifies spans, and only logs set it: choose ` +
        `another name, such as "my_${name}"`,
    );
  }
}

/** Ids of the sources whose spans get other user attributes in this import. */
export type RelabelledSources = Set<number>;

/**
 * Replaces the user attributes of these sources' spans. The spans keep ids and
 * keys, and attributes from the source itself take precedence. Done once for
 * all sources, because each pass scans every span.
 */
export function relabelSources(
  db: Database,
  sources: RelabelledSources,
  attributes: string,
): void {
  if (sources.size === 0) return;
  const ids = JSON.stringify([...sources]);
  const isOne = "IN (SELECT value FROM json_each(:ids))";
  db.transaction(() => {
    const before = db.query<{ given: string; ids: string }>(
      `SELECT attributes AS given, json_group_array(id) AS ids FROM source
       WHERE id ${isOne} AND attributes IS NOT NULL GROUP BY attributes`,
      { ids },
    );
    for (const { given, ids } of before) {
      const members = Object.entries<string>(JSON.parse(given));
      for (const [name, value] of members) {
        db.run(
          `UPDATE span SET attributes = json_remove(attributes, :path)
           WHERE source_id ${isOne} AND attributes ->> :path = :value
             AND :name NOT IN (SELECT value FROM json_each(implied))`,
          { ids, name, value, path: jsonPath(name) },
        );
      }
    }
    widen(db, JSON.parse(attributes), {
      of: sql`SELECT id FROM span
        WHERE source_id IN (SELECT value FROM json_each(${ids}))`,
    });
    db.run(
      `UPDATE source SET attributes = :attributes, bound = NULL
       WHERE id ${isOne}`,
      { ids, attributes },
    );
  });
}
