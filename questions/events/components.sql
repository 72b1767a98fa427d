-- The component that describes spans of each type.
--
-- Arguments:
--   :types      query of span types, in a column type
--
-- Columns:
--   type        span type, 'parsl.rundir.task', with any other given columns
--   component   the type without its last part, 'parsl.rundir'; the whole type
--               if it has one part
--
-- SQLite cannot search for the last dot. Trimming all other characters from
-- the end of the type, and then the dot, has the same effect.
SELECT *, CASE
    WHEN instr(substr(type, 2), '.') = 0 THEN type
    ELSE substr(type, 1, length(rtrim(type, replace(type, '.', ''))) - 1)
  END AS component
FROM (:types)
