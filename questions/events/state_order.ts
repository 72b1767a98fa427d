import { type Sql, sql } from "../../sql/mod.ts";

/**
 * The states of a task of Parsl, in the order in which a try goes through them;
 * it ends in one of the last five. States of other names have no order.
 *
 * @example
 * ```ts
 * import { stateOrder } from "dnpc/questions";
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
 * Puts the states of each span in order, whoever told them: each is entered when
 * the span comes to it from another one.
 *
 * A state that is told after a later one was entered when that one was: by then
 * it was over. After the last of the order the first may begin anew. This is
 * what `statesOverTime` does with events; here states may come from any query.
 *
 * The columns: root_id; span_id; event_id; time and state, as they are told;
 * round, which counts from 0 how often it began anew; rank, the place of the
 * state in the order from 1, or NULL. In no order: that of a span is time, round, rank,
 * event_id.
 *
 * @param told a query with the columns root_id, span_id, event_id, time and state
 * @param order the states in order; others stay where their times put them
 * @returns a query, which can stand in parentheses in another one
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { statesInOrder } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const told = sql`
 *   SELECT 1 AS root_id, 1 AS span_id, column1 AS event_id, column2 AS time,
 *     column3 AS state
 *   FROM (VALUES (1, 10, 'bought'), (2, 12, 'used'), (3, 13, 'paid'))`;
 * const order = ["bought", "paid", "used"];
 *
 * assert.deepEqual(
 *   [...db.query(sql`
 *     SELECT time, state FROM (${statesInOrder(told, order)})
 *     ORDER BY time, rank`)],
 *   [
 *     { time: 10, state: "bought" },
 *     { time: 12, state: "paid" },
 *     { time: 12, state: "used" },
 *   ],
 * );
 * ```
 */
export function statesInOrder(told: Sql, order: readonly string[]): Sql {
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
  -- Most spans are in order. The work is done for the others alone. What is
  -- told twice on end is in order.
  disordered AS MATERIALIZED (
    SELECT DISTINCT root_id, span_id FROM followed
    WHERE most_before > rank OR most_before = rank AND state IS NOT state_before
  ),
  -- How often the last state was entered by then.
  ended AS (
    SELECT *, count(*) FILTER (WHERE rank = ${order.length}) OVER (
      PARTITION BY root_id, span_id ORDER BY time, event_id) AS times_ended
    FROM disordered JOIN followed USING (root_id, span_id)
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
-- No NOT IN: for each that is not, SQLite would look through all for a NULL.
SELECT root_id, span_id, event_id, time, state, 0 AS round, rank
FROM followed LEFT JOIN (SELECT *, 1 AS found FROM disordered)
  USING (root_id, span_id)
WHERE found IS NULL AND state IS NOT state_before
UNION ALL
SELECT root_id, span_id, event_id, entered, state, round, rank
FROM mended WHERE state IS NOT entered_before`;
}
