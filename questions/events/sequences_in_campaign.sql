-- The orders in which steps happen to root spans of a campaign, and the times of
-- each step.
--
-- Arguments:
--   :numbered     query of events in columns root_id, time (never NULL),
--                 span_type, event_type, named and nth
--   :places       query of span_type, event_type, named, nth and position: of
--                 each step, from 0
--   :order        columns of placed by which the steps of a root are sorted
--   :step         the number of a step: its place in this order, or another
--   :walk         the same for roots with equal sequences: an aggregate of placed
--   :statistics   columns from since_start or since_before, in seconds
--
-- Columns:
--   sequence      number of the sequence, from 1 for that of most roots
--   step          number of the step in it, from 1
--   position      the step, as in :places
--   spans         number of roots
--   longest_id    the root that has been waiting longest since the step before
--   statistics
WITH
  place (span_type, event_type, named, nth, position) AS (:places),
  placed AS (
    SELECT root_id, position, :step AS step,
      time - min(time) OVER whole AS since_start,
      time - lag(time) OVER in_order AS since_before
    FROM (:numbered) AS numbered
      JOIN place USING (span_type, event_type, named, nth)
    WINDOW whole AS (PARTITION BY root_id),
      in_order AS (PARTITION BY root_id ORDER BY :order)
  ),
  walk AS (SELECT root_id, :walk AS walk FROM placed GROUP BY root_id),
  timed AS (
    SELECT walk, step, min(position) AS position, count(*) AS spans,
      max_by(root_id, coalesce(since_before, since_start)) AS longest_id,
      :statistics
    FROM placed JOIN walk USING (root_id)
    GROUP BY walk, step
  ),
  sequences AS (
    SELECT walk AS sequence_walk, row_number() OVER (
      ORDER BY count(*) DESC, min(root_id)) AS sequence
    FROM walk GROUP BY walk
  )
SELECT sequence, timed.*
FROM timed JOIN sequences ON sequence_walk = walk
ORDER BY sequence, step
