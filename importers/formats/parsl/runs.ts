import type { Database } from "../../../sql/mod.ts";

/**
 * Fills the table `run` from the spans that describe runs, after binding: by
 * then a run directory has the id of its run. An existing run keeps its id.
 * Versions of Parsl log the end of a run in different words. With CROSS JOIN,
 * SQLite finds the spans of these few types by their index.
 */
export function writeRuns(db: Database): void {
  db.run(`
    INSERT OR REPLACE INTO run (
      id, rundir, directory, run_id, parsl_version, workflow, host, user, began,
      ended)
    WITH
    described AS (
      SELECT attributes ->> 'rundir' AS rundir,
        attributes ->> 'directory' AS directory, attributes ->> 'run' AS run_id,
        attributes ->> 'name' AS workflow, attributes ->> 'host' AS host,
        attributes ->> 'user' AS user,
        (SELECT event.attributes ->> '$.values[0]' FROM event
          WHERE span_id = span.id AND event.type = 'Parsl version: %s'
          ORDER BY time LIMIT 1) AS parsl_version,
        -- The first line of parsl.log, where the clock begins.
        coalesce(attributes ->> '$.clock.first',
          (SELECT min(time) FROM event WHERE span_id = span.id)) AS began,
        (SELECT max(time) FROM event
          WHERE span_id = span.id AND (
            event.type LIKE 'Workflow shutdown information:%'
            OR event.type IN (
              'completed', 'DFK cleanup complete', 'DFK cleanup: end'
            ))) AS ended
      FROM span_kind CROSS JOIN span USING (type)
      WHERE role = 'run'
    ),
    found AS (
      SELECT max(rundir) AS rundir, max(directory) AS directory, run_id,
        max(parsl_version) AS parsl_version,
        max(workflow) AS workflow, max(host) AS host, max(user) AS user,
        min(began) AS began, max(ended) AS ended
      FROM described
      WHERE rundir IS NOT NULL OR run_id IS NOT NULL
      GROUP BY run_id, iif(run_id IS NULL, rundir, NULL)
    )
    SELECT (
        SELECT id FROM run
        WHERE run.run_id = found.run_id OR run.rundir = found.rundir
        ORDER BY id LIMIT 1),
      found.*
    FROM found ORDER BY began`);
  // One without an id may have turned out to be a copy of another.
  db.run(`
    WITH described AS (
      SELECT attributes ->> 'rundir' AS rundir, attributes ->> 'run' AS run_id
      FROM span_kind CROSS JOIN span USING (type) WHERE role = 'run'
    )
    DELETE FROM run
    WHERE rundir NOT IN (SELECT rundir FROM described WHERE rundir IS NOT NULL)
      AND (run_id IS NULL OR run_id NOT IN (
        SELECT run_id FROM described WHERE run_id IS NOT NULL))`);
}
