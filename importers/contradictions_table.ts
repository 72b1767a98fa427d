import type { TextTable } from "../display/table.ts";
import type { Contradiction } from "../sql/mod.ts";

/** How many are shown; a report's own list has more. */
const most = 10;

/** Contradictions with all their sides, and where each is told. */
export function contradictionsTable(
  contradictions: readonly Contradiction[],
): TextTable {
  const names = ["contradicted", "where", "said", "span", "told"];
  const more = contradictions.length - most;
  return {
    columns: names.map((name) => ({ name, align: "left" })),
    rows: contradictions.slice(0, most).flatMap(({ rule, on, sides }) =>
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
