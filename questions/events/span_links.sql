-- References between spans of one type, from an attribute that lists them.
--
-- Arguments:
--   :types      list of span types; each type refers to itself only
--   :path       JSON path of the attribute, an array of texts or numbers
--   :run        the run of span, in a campaign
--   :is_of_run  condition: linked has the run of item
--
-- Columns:
--   span_id     the span that has the list
--   listed      the item, as in the list
--   listed_id   the span that the item means; NULL if there is none
--
-- The keys of two linked spans are equal up to their last slash. rtrim() with
-- all characters but the slash cuts a key off behind it.
-- The type of json_each's value differs between programs, that of ->> does not.
SELECT item.span_id, item.listed, linked.id AS listed_id
FROM (
  SELECT span.id AS span_id, span.type, span.key, :run AS run, list.id AS nth,
    CAST(span.attributes ->> list.fullkey AS TEXT) AS listed
  FROM span CROSS JOIN json_each(span.attributes, :path) AS list
  WHERE span.type IN (:types)
) AS item
  LEFT JOIN span AS linked ON linked.type = item.type AND :is_of_run
    AND linked.key = rtrim(item.key, replace(item.key, '/', '')) ||
      replace(replace(item.listed, '%', '%25'), '/', '%2F')
ORDER BY item.span_id, item.nth
