-- The types of spans in the database.
--
-- Arguments:
--   :components   query of the component of each type, as in components.sql
--   :in_run       condition on span: it belongs to the run
--   :names        query of the attributes of spans, in columns type and name
--
-- Columns:
--   type          span type
--   spans         number of spans
--   events        number of their events
--   named         events that have a name
--   first, last   Unix seconds of the first and last event, or NULL
--   attributes    JSON array: the names of all attributes of these spans
--   component     component that describes them
--
-- Spans, events and attributes are counted separately, because a span can have
-- any number of each.
WITH
  counted AS (
    SELECT type, count(*) AS spans FROM span WHERE :in_run GROUP BY type
  ),
  happened AS (
    SELECT span.type, sum(events) AS events, sum(named) AS named,
      min(first) AS first, max(last) AS last
    FROM (
      SELECT span_id, count(*) AS events, sum(named) AS named,
        min(time) AS first, max(time) AS last
      FROM event
      GROUP BY span_id
    ) JOIN span ON span.id = span_id
    WHERE :in_run
    GROUP BY span.type
  ),
  known AS (
    SELECT type, json_group_array(name) AS attributes
    FROM (
      SELECT DISTINCT type, name
      FROM (:names)
      ORDER BY type, name
    )
    GROUP BY type
  )
SELECT type, spans, coalesce(events, 0) AS events, coalesce(named, 0) AS named,
  first, last, coalesce(attributes, '[]') AS attributes, component
FROM counted
  JOIN (:components) USING (type)
  LEFT JOIN happened USING (type)
  LEFT JOIN known USING (type)
ORDER BY type
