import { counted } from "./format.ts";
import { rowsTable } from "./rows.ts";
import type { TextTable } from "./table.ts";

/** The part of a report of `bind` that tables show. */
export interface Bindings extends Counts {
  rules: readonly (Counts & { rule: string })[];
  contradictions: readonly Contradicted[];
}

interface Counts {
  made: number;
  unbound: number;
  contradicted: number;
}

interface Contradicted {
  rule: string;
  on: Record<string, string>;
  sides: {
    values: Record<string, string | null>;
    spanType: string;
    spanId: number;
    sources: { path: string; line: number | null }[];
  }[];
}

/** The report itself lists more contradictions. */
const maxContradictions = 10;

/** Contradictions with their sides and sources. */
function contradictionsTable(
  contradictions: readonly Contradicted[],
): TextTable {
  const whole = ["contradicted rule", "where", "values", "span", "source"];
  const rows = contradictions.slice(0, maxContradictions).flatMap((
    { rule, on, sides },
  ) =>
    sides.map(({ values, spanType, spanId, sources }, i) => ({
      "contradicted rule": i === 0 ? rule : "",
      where: i === 0 ? listed(on) : "",
      values: listed(values),
      span: `${spanType} ${spanId}`,
      source: sources.map(({ path, line }) =>
        line === null ? path : `${path}:${line}`
      ).join(", "),
    }))
  );
  const more = contradictions.length - maxContradictions;
  const caption = more > 0
    ? `and ${more} more in bindings.contradictions`
    : undefined;
  return { ...rowsTable(rows, whole, { all: true, whole }), caption };
}

function listed(values: Record<string, string | null>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value ?? "unknown"}`).join(", ");
}

/**
 * The tables of a report of `bind`.
 *
 * @param onlyProblems leave out rules that bound everything
 */
export function bindingTables(
  { rules, made, unbound, contradicted, contradictions }: Bindings,
  onlyProblems = false,
): TextTable[] {
  const shown = rules.filter((rule) =>
    rule.unbound || rule.contradicted || rule.made && !onlyProblems
  );
  const idle = rules.length - shown.length;
  const table = rowsTable(shown, ["rule", "made", "unbound", "contradicted"], {
    all: true,
    whole: ["rule"],
    kinds: { made: "count", unbound: "count", contradicted: "count" },
  });
  const problems = `${counted(unbound, "span")} unbound, ` +
    counted(contradicted, "contradiction");
  const caption = onlyProblems
    ? problems
    : `${counted(made, "binding")} made, ${problems}` +
      (idle ? `; ${counted(idle, "rule")} found nothing` : "");
  return [
    ...onlyProblems && shown.length === 0 ? [] : [{ ...table, caption }],
    ...contradictions.length ? [contradictionsTable(contradictions)] : [],
  ];
}
