# All records of the JSON logs as a table with a column per member, and of those
# that name a task the time, the task and the template, with DuckDB.
import glob
import sys

import duckdb

folder, path = sys.argv[1:]
files = glob.glob(f"{folder}/**/*.jsonlog", recursive=True)
db = duckdb.connect(path)
db.execute(
    "CREATE TABLE record AS SELECT * FROM read_json($files, "
    "format='newline_delimited', union_by_name=true, filename=true)", {"files": files})
db.execute(r"""
    CREATE TABLE event AS SELECT filename, created AS time,
      regexp_extract(formatted, '[Tt]asks?:? \[?(\d+)', 1) AS task,
      regexp_replace(formatted, '\d+', '%s', 'g') AS template
    FROM record WHERE regexp_matches(formatted, '\b[Tt]asks?:? \[?[0-9]')""")
for table in ("record", "event"):
    print(table, db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
