-- The volume of the logs for each template of lines.
--
-- Arguments:
--   :line_sizes   query of the lines, as in line_sizes.sql
--   :rest         query of the rest of each log, as in volume_rest.sql
--
-- Columns:
--   log           the importer
--   span_type, event_type
--                 NULL for lines that are no events
--   lines, bytes  totals
--   share         share of all bytes, from 0 to 1
WITH
  sized AS MATERIALIZED (:line_sizes),
  counted AS (
    SELECT importer AS log, span.type AS span_type, event.type AS event_type,
      count(*) AS lines, sum(bytes) AS bytes
    FROM sized
      JOIN event ON event.id = event_id
      JOIN span ON span.id = span_id
    GROUP BY log, span.type, event.type
    UNION ALL
    SELECT importer, NULL, NULL, sum(lines), sum(bytes)
    FROM (:rest)
    GROUP BY importer
    HAVING sum(lines) > 0
  )
SELECT *, bytes / sum(bytes) OVER () AS share
FROM counted
ORDER BY bytes DESC, log, span_type, event_type
