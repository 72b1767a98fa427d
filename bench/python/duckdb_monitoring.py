# The tables of a monitoring.db, with times as Unix seconds, each change of state
# as an event, each number of a sample as a metric, and each task and try as a
# span, with DuckDB and its extension for SQLite, which is a package of PyPI.
import sys

import duckdb
import duckdb_extension_sqlite_scanner

source, path = sys.argv[1:]
[folder] = duckdb_extension_sqlite_scanner.__path__
db = duckdb.connect(path)
db.execute(f"LOAD '{folder}/extensions/v{duckdb.__version__}/sqlite_scanner.duckdb_extension'")
db.execute(f"ATTACH '{source}' AS parsl (TYPE sqlite, READ_ONLY)")
columns = db.execute(
    "SELECT table_name, column_name, data_type FROM duckdb_columns() "
    "WHERE database_name = 'parsl'").fetchall()
for table in ("workflow", "task", "try", "status", "resource", "block", "node"):
    times = [f', epoch("{name}") AS "{name}_unix"' for of, name, type in columns
             if of == table and type == "TIMESTAMP"]
    db.execute(f'CREATE TABLE "{table}" AS SELECT *{"".join(times)} FROM parsl."{table}"')
db.execute("""
    CREATE TABLE span AS SELECT row_number() OVER () AS id, * FROM (
      SELECT run_id, task_id, NULL AS try_id, task_func_name AS app,
        task_depends AS depends, NULL AS executor, NULL AS block, NULL AS host
      FROM task
      UNION ALL SELECT run_id, task_id, try_id, NULL, NULL, task_executor,
        block_id, hostname
      FROM "try")""")
db.execute("""
    CREATE TABLE event AS
    SELECT id AS span_id, timestamp_unix AS time, task_status_name AS type
    FROM status JOIN span USING (run_id, task_id, try_id)""")
db.execute("""
    CREATE TABLE metric AS
    UNPIVOT (SELECT id AS span_id, timestamp_unix AS time,
        COLUMNS('psutil_process_.*_.*')::DOUBLE
      FROM resource JOIN span USING (run_id, task_id, try_id))
    ON COLUMNS(* EXCLUDE (span_id, time)) INTO NAME name VALUE value""")
for table in ("span", "event", "metric"):
    print(table, db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
