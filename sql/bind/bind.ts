import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { checkRules } from "./check.ts";
import type { Findings } from "./contradictions.ts";
import { imply } from "./implications.ts";
import { copyKeys } from "./keys.ts";
import { bindFacets, bindSubspans, indexKeys } from "./relations.ts";
import type { BindReport } from "./report.ts";
import type { ImpliesRule, Rule } from "./rules.ts";
import { writeImplied } from "./write_implied.ts";

/**
 * Relates spans by rules. What earlier calls made is removed first, so that
 * all starts again from what the sources said: the order of imports does not
 * matter, and to bind twice changes nothing.
 *
 * Implications run first, to a fixpoint; then nesting and facets find spans by
 * what was said and what was implied. Values are compared as text, and an
 * attribute that is missing or null is equal to none. Where values contradict
 * each other, the rule makes nothing of them and reports both sides.
 *
 * @param rules plain data; a rule that is there twice counts once
 * @throws {TypeError} for what is no rule, for a facet or a nesting of a type
 * with itself, and for an attribute that implies itself
 *
 * @example
 * ```ts
 * import { bind, createSchema, insertRows, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * insertRows(db, "span", ["type", "key", "attributes"], [
 *   ["ship", "a", '{"ship":"a"}'],
 *   ["ticket", "7", '{"ship":"a","cabin":"12"}'],
 *   ["guest", "Ida", '{"cabin":"12"}'],
 * ]);
 *
 * const report = bind(db, [
 *   { implies: ["cabin"], gives: ["ship"] },
 *   { subspan: ["ship", "guest"], on: ["ship"], key: "cabin" },
 * ]);
 * assert.deepEqual(report.rules, [
 *   { rule: "implies: cabin => ship", made: 1, unbound: 0, contradicted: 0 },
 *   {
 *     rule: "subspan: ship > guest on ship key cabin",
 *     ...{ made: 1, unbound: 0, contradicted: 0 },
 *   },
 * ]);
 * assert.deepEqual(
 *   [...db.query("SELECT superspan_id, subspan_id, key FROM subspan")],
 *   [{ superspan_id: 1, subspan_id: 3, key: "12" }],
 * );
 * ```
 */
export function bind(db: Database, rules: Iterable<Rule>): BindReport {
  const checked = checkRules(rules);
  createSchema(db);
  // Temporary tables go with the transaction, where it is undone.
  return db.transaction(() => bindAll(db, checked));
}

function bindAll(
  db: Database,
  rules: ReadonlyMap<string, Rule>,
): BindReport {
  const keys = copyKeys(db, [...rules.values()]);
  const implications = new Map<string, ImpliesRule>();
  for (const [text, rule] of rules) {
    if ("implies" in rule) implications.set(text, rule);
  }
  const implied = new Map(
    imply(db, keys, implications).map((findings) => [findings.text, findings]),
  );
  writeImplied(db, keys);

  db.run("DELETE FROM subspan WHERE rule IS NOT NULL");
  db.run("DELETE FROM facet WHERE rule IS NOT NULL");
  indexKeys(db, keys, [...rules.values()].filter((rule) => "on" in rule));
  const findings = Array.from(rules, ([text, rule]) => {
    if ("implies" in rule) return implied.get(text)!;
    if ("facet" in rule) return bindFacets(db, keys, rule, text);
    return bindSubspans(db, keys, rule, text);
  });
  db.run("DROP TABLE temp.dnpc_key");
  return makeReport(findings);
}

function makeReport(findings: readonly Findings[]): BindReport {
  const report: BindReport = {
    rules: findings.map(({ text, made, unbound, contradicted }) => ({
      ...{ rule: text, made, unbound, contradicted },
    })),
    ...{ made: 0, unbound: 0, contradicted: 0 },
    contradictions: findings.flatMap(({ contradictions }) => contradictions),
  };
  for (const { made, unbound, contradicted } of report.rules) {
    report.made += made;
    report.unbound += unbound;
    report.contradicted += contradicted;
  }
  return report;
}
