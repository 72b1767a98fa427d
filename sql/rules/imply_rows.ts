import { checkRules } from "./check.ts";
import { imply } from "./implications.ts";
import { copyRowKeys } from "./keys.ts";
import type { ImpliesRule } from "./rules.ts";
import { impliedJson } from "./write_implied.ts";
import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { sql } from "../template.ts";
import { type ChosenRows, rowsInSql } from "./chosen_rows.ts";
import { findRowSources } from "./find_row_sources.ts";
import type { MergeReport } from "./row_report.ts";

/** Implications over rows, as bind() has them over spans. */
export function implyRows(
  db: Database,
  given: Iterable<ImpliesRule>,
  chosen: ChosenRows,
): MergeReport {
  const { table, json, where, isSpan } = rowsInSql(chosen);
  const rules = checkRules(given);
  createSchema(db);
  return db.transaction(() => {
    const type = chosen.table === "log_record" ? sql`NULL` : sql`type`;
    const keys = copyRowKeys(
      db,
      [...rules.values()],
      sql`SELECT id, ${type} AS type, source_id, ${json} AS attributes
        FROM ${table} WHERE ${where}`,
    );
    const numbered = new Map<string, [number, ImpliesRule]>();
    [...rules].forEach(([text, rule], i) => numbered.set(text, [i, rule]));
    const findings = imply(db, keys, numbered);
    const { names, values } = impliedJson(keys);
    const isAny = sql.join([sql`0`, ...keys.given.map(keys.implied)], " OR ");
    const implied = sql`, implied = (SELECT json_group_array(value) FROM (
      SELECT value FROM json_each(implied)
      UNION ALL SELECT value FROM json_each(${names})))`;
    const { changes } = db.run(sql`UPDATE ${table} AS t SET
        ${json} = json_patch(ifnull(t.${json}, '{}'), ${values})
        ${isSpan ? implied : sql``}
      FROM temp.dnpc_key AS k WHERE k.span_id = t.id AND (${isAny})`);
    db.run("DROP TABLE temp.dnpc_key");
    const contradictions = findings.flatMap(({ contradictions }) =>
      contradictions.map(({ sides, ...rest }) => ({
        ...rest,
        sides: sides.map(({ values, spanId, sources }) => ({
          ...{ values, id: spanId, sources },
        })),
      }))
    );
    findRowSources(db, chosen.table ?? "span", contradictions);
    return {
      changed: changes,
      contradicted: findings.reduce(
        (sum, { contradicted }) => sum + contradicted,
        0,
      ),
      contradictions,
    };
  });
}
