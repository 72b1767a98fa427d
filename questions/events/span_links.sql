-- References between spans of one type, from an attribute that lists them.
--
-- Arguments:
--   :types      list of span types; each type refers to itself only
--   :path       JSON path of the attribute, an array of texts or numbers
--
-- Columns:
--   span_id     the span that has the list
--   listed      the item, as in the list
--   listed_id   the span that the item means; NULL if there is none
--
-- The keys of two linked spans are equal up to their last slash. rtrim() with
-- all characters but the slash cuts a key off behind it.
SELECT span.id AS span_id, CAST(list.value AS TEXT) AS listed,
  linked.id AS listed_id
FROM span
  CROSS JOIN json_each(span.attributes, :path) AS list
  LEFT JOIN span AS linked ON linked.type = span.type
    AND linked.key = rtrim(span.key, replace(span.key, '/', '')) ||
      replace(replace(list.value, '%', '%25'), '/', '%2F')
WHERE span.type IN (:types)
ORDER BY span.id, list.id
