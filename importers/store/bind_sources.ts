import {
  bind,
  type BindReport,
  type Database,
  type Rule,
  ruleText,
} from "../../sql/mod.ts";
import { sha256 } from "../container/sha256.ts";

/**
 * Binds what the sources tell, where some were changed, or were not bound by
 * these rules: an import that was cut short, or one by other rules.
 */
export function bindSources(
  db: Database,
  rules: readonly Rule[],
  isChanged: boolean,
): BindReport | undefined {
  const hash = sha256()
    .update(rules.map(ruleText).join("\n")).digest("hex");
  const isBound = !isChanged && !isAnyUnbound(db, hash);
  if (isBound) return undefined;
  return db.transaction(() => {
    const report = bind(db, rules);
    db.run("UPDATE source SET bound = ? WHERE bound IS NOT ?", [hash, hash]);
    return report;
  });
}

function isAnyUnbound(db: Database, hash: string): boolean {
  const [table] = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'source'");
  return table !== undefined &&
    db.query("SELECT 1 FROM source WHERE bound IS NOT ? LIMIT 1", [hash])
        .length > 0;
}
