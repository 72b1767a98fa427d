import { type Sql, sql } from "../template.ts";

/**
 * The states of a task of Parsl, in the order in which a try goes through them;
 * it ends in one of the last five. States of other names have no order.
 *
 * @example
 * ```ts
 * import { stateOrder } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * assert.ok(stateOrder.indexOf("launched") < stateOrder.indexOf("running"));
 * ```
 */
export const stateOrder: readonly string[] = [
  "pending",
  "launched",
  "running",
  "running_ended",
  "joining",
  "exec_done",
  "memo_done",
  "dep_fail",
  "failed",
  "fail_retryable",
];

/**
 * Puts the states of each span in order: a query with the columns root_id,
 * span_id, event_id, time and state, where each span enters a state that it was
 * not in.
 *
 * A state that is told after a later one was entered when that one was: by then
 * it was over. After the last of the order the first begins anew.
 *
 * @param told a query with the columns root_id, span_id, event_id, time and state
 */
export function inStateOrder(told: Sql, order: readonly string[]): Sql {
  // CASE needs a branch.
  const branches = ["", ...order].map((state, i) =>
    sql`WHEN ${state} THEN ${i === 0 ? null : i}`
  );
  return sql`WITH
  ranked AS (
    SELECT root_id, span_id, event_id, time, state,
      CASE state ${sql.join(branches, " ")} END AS rank
    FROM (${told})
  ),
  followed AS MATERIALIZED (
    SELECT *, lag(state) OVER so_far AS state_before,
      max(rank) OVER so_far AS most_before
    FROM ranked
    WINDOW so_far AS (PARTITION BY root_id, span_id ORDER BY time, event_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  ),
  -- Most spans are in order. The work is done for the others alone.
  disordered AS MATERIALIZED (
    SELECT DISTINCT root_id, span_id FROM followed WHERE most_before >= rank
  ),
  -- How often the last state was entered by then.
  ended AS (
    SELECT *, count(*) FILTER (WHERE rank = ${order.length}) OVER (
      PARTITION BY root_id, span_id ORDER BY time, event_id) AS times_ended
    FROM followed WHERE (root_id, span_id) IN disordered
  ),
  -- And by when the first was entered: only then did a new round begin.
  rounds AS (
    SELECT *, max(iif(rank = 1, times_ended, 0)) OVER (
      PARTITION BY root_id, span_id ORDER BY time, event_id) AS round
    FROM ended
  ),
  -- The frame of a window ends behind the rows of equal rank: here it has the
  -- same state and all later ones. NULL comes last.
  entered AS (
    SELECT *, iif(rank IS NULL, time, min(time) OVER (
      PARTITION BY root_id, span_id, round ORDER BY rank DESC)) AS entered
    FROM rounds
  ),
  mended AS (
    SELECT *, lag(state) OVER (
      PARTITION BY root_id, span_id ORDER BY entered, round, rank, event_id
    ) AS entered_before
    FROM entered
  )
SELECT root_id, span_id, event_id, time, state, 0 AS round, rank
FROM followed
WHERE (root_id, span_id) NOT IN disordered AND state IS NOT state_before
UNION ALL
SELECT root_id, span_id, event_id, entered, state, round, rank
FROM mended WHERE state IS NOT entered_before`;
}
