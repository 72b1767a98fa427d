import { count, counted } from "./format.ts";
import type { TextColumn, TextTable } from "./table.ts";

/** The part of a report of `bind` that tables show. */
export interface Bindings {
  rules: readonly Counts[];
  made: number;
  unbound: number;
  contradicted: number;
  contradictions: readonly Contradicted[];
}

interface Counts {
  rule: string;
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
export function contradictionsTable(
  contradictions: readonly Contradicted[],
): TextTable {
  const names = ["contradicted rule", "where", "values", "span", "source"];
  const more = contradictions.length - maxContradictions;
  return {
    columns: names.map((name) => ({ name, align: "left", isWhole: true })),
    rows: contradictions.slice(0, maxContradictions).flatMap((
      { rule, on, sides },
    ) =>
      sides.map(({ values, spanType, spanId, sources }, i) => [
        i === 0 ? rule : "",
        i === 0 ? listed(on) : "",
        listed(values),
        `${spanType} ${spanId}`,
        sources.map(({ path, line }) =>
          line === null ? path : `${path}:${line}`
        )
          .join(", "),
      ])
    ),
    caption: more > 0
      ? `and ${more} more in bindings.contradictions`
      : undefined,
  };
}

function listed(values: Record<string, string | null>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value ?? "unknown"}`).join(", ");
}

const countColumns: readonly TextColumn[] = ["made", "unbound", "contradicted"]
  .map((name) => ({ name, align: "right" }));

/** Rules with the number of bindings each made. */
export function rulesTable(
  rules: readonly Counts[],
  caption: string,
): TextTable {
  return {
    columns: [{ name: "rule", align: "left", isWhole: true }, ...countColumns],
    rows: rules.map(({ rule, made, unbound, contradicted }) => [
      rule,
      count(made),
      count(unbound),
      count(contradicted),
    ]),
    caption,
  };
}

/** "2 spans unbound, 1 contradiction". */
export const unboundText = (
  { unbound, contradicted }: Pick<Bindings, "unbound" | "contradicted">,
): string =>
  `${counted(unbound, "span")} unbound, ` +
  counted(contradicted, "contradiction");

/** The tables of a report of `bind`. */
export function bindingTables(bindings: Bindings): TextTable[] {
  const { rules, made, contradictions } = bindings;
  const active = rules.filter((rule) =>
    rule.made || rule.unbound || rule.contradicted
  );
  const idle = rules.length - active.length;
  const caption = `${counted(made, "binding")} made, ${unboundText(bindings)}` +
    (idle ? `; ${counted(idle, "rule")} found nothing` : "");
  return [
    rulesTable(active, caption),
    ...contradictions.length ? [contradictionsTable(contradictions)] : [],
  ];
}
