-- The states of each span in order: each is entered once, coming from another.
--
-- Arguments:
--   :states     query with the columns root_id, span_id, event_id, time, state,
--               rank (position in the usual order, or NULL) and is_last (1 for
--               the state after which the first can begin anew)
--
-- Columns:
--   root_id, span_id, event_id, state
--   time        Unix seconds at which the span enters the state
--   round       how often the span began anew before, from 0
--   rank        as given
--
-- A state that is reported after a later one counts as entered when the later
-- one was. Most spans are in order, and the windows sort only the others. A
-- repeated report is in order.
WITH
  followed AS MATERIALIZED (
    SELECT root_id, span_id, event_id, time, state, rank, is_last,
      lag(state) OVER so_far AS state_before,
      lag(rank) OVER so_far AS rank_before
    FROM (:states)
    WINDOW so_far AS (PARTITION BY root_id, span_id ORDER BY time, event_id)
  ),
  -- Possibly disordered: the state after one without a rank may come before an
  -- earlier state in the usual order. If a span turns out to be in order, both
  -- SELECTs below give the same rows.
  disordered AS MATERIALIZED (
    SELECT DISTINCT root_id, span_id FROM followed
    WHERE rank_before > rank
      OR rank_before = rank AND state <> state_before
      OR rank_before IS NULL AND rank IS NOT NULL AND state_before IS NOT NULL
  ),
  -- How often the last state was reported by then.
  ended AS (
    SELECT *, sum(is_last) OVER (
      PARTITION BY root_id, span_id ORDER BY time, event_id) AS times_ended
    FROM disordered JOIN followed USING (root_id, span_id)
  ),
  -- A new round begins when the first state is reported after the last.
  rounds AS (
    SELECT *, max(CASE WHEN rank = 1 THEN times_ended ELSE 0 END) OVER (
      PARTITION BY root_id, span_id ORDER BY time, event_id) AS round
    FROM ended
  ),
  -- The default frame of a window includes rows of equal rank: here the same
  -- state and all later ones. NULL sorts last.
  entered AS (
    SELECT *, CASE
        WHEN rank IS NULL THEN time
        ELSE min(time) OVER (
          PARTITION BY root_id, span_id, round ORDER BY rank DESC)
      END AS entered
    FROM rounds
  ),
  mended AS (
    SELECT *, lag(state) OVER (
      PARTITION BY root_id, span_id ORDER BY entered, round, rank, event_id
    ) AS entered_before
    FROM entered
  )
-- Not NOT IN, which would scan for a NULL again for each span.
SELECT root_id, span_id, event_id, time, state, 0 AS round, rank
FROM followed LEFT JOIN (SELECT *, 1 AS found FROM disordered)
  USING (root_id, span_id)
WHERE found IS NULL AND state IS DISTINCT FROM state_before
UNION ALL
SELECT root_id, span_id, event_id, entered, state, round, rank
FROM mended
WHERE state IS DISTINCT FROM entered_before
