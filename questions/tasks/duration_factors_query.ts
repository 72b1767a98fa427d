import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import factorsText from "./duration_factors.sql" with { type: "text" };
import ranksText from "./duration_ranks.sql" with { type: "text" };
import { type DurationsAsked, namedDurations } from "./named_durations.ts";

/** Attributes to look at, the widest of those that belong together first. */
export const usualNames = [
  ...["app", "executor", "host", "block", "manager", "worker", "try"],
  ...["workflow", "version", "day", "hour", "run"],
];

/** Of which a value belongs to others: block 0 is another one in each run. */
const owners: Readonly<Record<string, readonly string[]>> = {
  block: ["run", "executor"],
  manager: ["run", "executor", "block"],
  worker: ["run", "executor", "block", "manager"],
};

/** Of fewer, the slowest and the fastest value would be chance. */
const minCount = 5;

/** A row of duration_factors.sql. */
export interface FactorRow {
  attribute: string;
  is_own: number;
  n: number;
  k: number;
  runs: number;
  is_local: number;
  strata: number;
  total: number;
  between_values: number;
  between_runs: number;
  is_slowest: number | null;
  value: string;
  of_run: string | null;
  of_executor: string | null;
  of_block: string | null;
  of_manager: string | null;
  value_n: number;
  value_runs: number;
  mean: number;
  median: number;
  times: number;
  durations: number;
  all_runs: number;
  usual: number;
  in_worker: number | null;
}

/** A query of the shares of attributes, and of their values: duration_factors.sql. */
export function factorsQuery(
  asked: DurationsAsked,
  names: readonly string[],
  within: readonly string[],
): Sql {
  const columns = new Set([
    ...["run", ...names, ...within],
    ...names.flatMap((name) => owners[name] ?? []),
  ]);
  // The run says them.
  for (const name of ["version", "workflow"]) columns.delete(name);
  const isOfTries = asked.from === undefined;
  const durations = namedDurations(asked, [...columns]);
  if (isOfTries) columns.add("in_worker");
  const strata = within.map((name) =>
    sql`coalesce(CAST(${sql.id(name)} AS TEXT), '')`
  );
  const ranks = sql.module(ranksText, {
    durations,
    columns: sql.join([...columns].map((name) => sql.id(name))),
    stratum: strata.length > 0 ? sql.join(strata, " || '/' || ") : sql`''`,
  });
  const of = (owner: string): Sql => {
    const owned = names.filter((name) => owners[name]?.includes(owner));
    return owned.length === 0
      ? sql`CAST(NULL AS TEXT)`
      : sql`CASE WHEN name IN (${sql.join(owned)}) THEN ${sql.id(owner)} END`;
  };
  return sql.module(factorsText, {
    scored: sql.materialized(ranks, [...columns, ...rankColumns]),
    attributes: sql`VALUES ${sql.join(names.map((name) => sql`(${name})`))}`,
    value: sql`CASE name ${
      sql.join(
        names.map((name) =>
          sql`WHEN ${name} THEN CAST(${sql.id(name)} AS TEXT)`
        ),
        " ",
      )
    } END`,
    of_run: of("run"),
    of_executor: of("executor"),
    of_block: of("block"),
    of_manager: of("manager"),
    within: within.length > 0 ? sql.join(within) : sql`''`,
    min_count: minCount,
    in_worker: isOfTries ? sql`in_worker` : sql`NULL`,
  });
}

const rankColumns = ("bin n version workflow stratum all_upto all_less all_n " +
  "upto less of_stratum own_upto own_less own_n all_score score own_score " +
  "all_longer longer own_longer").split(" ");
