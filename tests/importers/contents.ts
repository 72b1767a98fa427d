import type { Database } from "dnpc/sql";
import { directoryKey } from "../../importers/store/directory_key.ts";
import { rows } from "./databases.ts";

/**
 * The whole content of a database. Ids are replaced by the rows they refer to,
 * and paths by their part after `root`.
 */
export function contents(db: Database, root: string): string[] {
  const rundirs = rows(db, "SELECT DISTINCT attributes ->> 'rundir' FROM span")
    .flat().map(String)
    .map((rundir) => [directoryKey(rundir), rundir] as const);
  const of = (id: string) =>
    `(SELECT type || ' ' || key FROM span WHERE id = ${id})`;
  const rule = "(SELECT text FROM rule WHERE id = rule_id)";
  const source = "(SELECT path FROM source WHERE id = source_id)";
  const found = rows(
    db,
    `SELECT type, key, (SELECT json_group_array(json_array(a.key, a.value))
       FROM (SELECT * FROM json_each(attributes) ORDER BY key) AS a),
       implied, NULL, NULL, NULL FROM span
     UNION ALL
     SELECT ${of("span_id")}, time, type, named, attributes, ${source},
       line || ' ' || ifnull(offset, '') FROM event
     UNION ALL
     SELECT ${of("span_id")}, time, metric, name, value, ${source}, line
     FROM metric
     UNION ALL
     SELECT ${of("superspan_id")}, ${
      of("subspan_id")
    }, key, ${rule}, NULL, NULL,
       NULL FROM subspan
     UNION ALL
     SELECT ${of("left_id")}, ${of("right_id")}, ${rule}, NULL, NULL, NULL, NULL
     FROM facet
     UNION ALL
     SELECT path, importer, bytes, lines, matched, unmatched, malformed
     FROM source`,
  );
  return found.map((row) =>
    rundirs.reduce(
      (text, [key, rundir]) => text.replaceAll(key, rundir),
      JSON.stringify(row),
    ).replaceAll(root, "")
  ).sort();
}
