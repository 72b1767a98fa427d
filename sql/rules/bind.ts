import { bindingTables } from "../../display/text/bindings.ts";
import { showAs } from "../../display/notebook/jupyter.ts";
import { tableHtml, tableText } from "../../display/text/table.ts";
import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { checkRules } from "./check.ts";
import type { Findings } from "./contradictions.ts";
import { bindContexts } from "./contexts.ts";
import { createEdges, writeEdges, writeRules } from "./edges.ts";
import { findSources } from "./find_sources.ts";
import { imply } from "./implications.ts";
import { copyKeys } from "./keys.ts";
import { bindRelations, type Relation } from "./relations.ts";
import type { BindReport } from "./report.ts";
import type { ContextRule, ImpliesRule, Rule } from "./rules.ts";
import { writeImplied } from "./write_implied.ts";

/**
 * Relates spans by rules. What earlier calls made is removed first, so that
 * all starts again from what the sources said: the order of imports does not
 * matter, and to bind twice changes nothing.
 *
 * Implications run first, to a fixpoint; then contexts, nesting and facets find
 * spans by what was said and what was implied. Values are compared as text, and an
 * attribute that is missing or null is equal to none. Where values contradict
 * each other, the rule makes nothing of them and reports both sides; so it is
 * where two implications lead to different values of one span.
 *
 * @param rules plain data; a rule that is there twice counts once
 * @throws {TypeError} for what is no rule, for a facet or a nesting of a type
 * with itself, for an attribute that implies itself, and for two contexts of
 * one type
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
 *
 * // A new span around all that carry a value, which may have been implied:
 * bind(db, [{ implies: ["cabin"], gives: ["ship"] }, { context: "ship" }]);
 * const ships = db.query(`
 *   SELECT type, span.key, count(*) AS inside FROM span
 *   JOIN subspan ON superspan_id = span.id GROUP BY span.id`);
 * assert.deepEqual([...ships], [
 *   { type: "context.ship", key: "a", inside: 3 },
 * ]);
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
  const ids = writeRules(db, rules.keys());
  const only = <R extends Rule>(isOfKind: (rule: Rule) => rule is R) =>
    new Map(
      [...rules].flatMap(([text, rule]) =>
        isOfKind(rule) ? [[text, [ids.get(text)!, rule] as [number, R]]] : []
      ),
    );
  const keys = copyKeys(db, [...rules.values()]);
  const found = imply(db, keys, only(isImplication));
  writeImplied(db, keys);
  createEdges(db);
  found.push(...bindContexts(db, keys, only(isContext)));
  found.push(...bindRelations(db, keys, only(isRelation)));
  db.run("DROP TABLE temp.dnpc_key");
  writeEdges(db);
  const byText = new Map(found.map((findings) => [findings.text, findings]));
  const report = makeReport([...rules.keys()].map((text) => byText.get(text)!));
  findSources(db, report.contradictions);
  return showAs(report, () => {
    const tables = bindingTables(report);
    return {
      "text/html": tables.map((table) => tableHtml(table)).join("\n"),
      "text/plain": tables.map((table) => tableText(table)).join("\n\n"),
    };
  });
}

const isImplication = (rule: Rule): rule is ImpliesRule => "implies" in rule;
const isContext = (rule: Rule): rule is ContextRule => "context" in rule;
const isRelation = (rule: Rule): rule is Relation => "on" in rule;

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
