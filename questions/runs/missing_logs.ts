// @ts-types="npm:@types/d3-array@3.2.2"
import { greatest } from "d3-array";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { coverage } from "./coverage.ts";
import type { Run } from "./list_runs.ts";
import type { MissingSummary } from "./summary_schema.ts";

/** For an executor of unknown kind. */
const ofExecutor = {
  log: "log of an executor",
  facts: "where tasks waited, and which worker ran them",
};

/** The formats of each run of Parsl, whatever its executors. */
const ofEachRun = ["parsl", "monitoring"];

/**
 * Logs that are not there, and what cannot be known without them.
 *
 * @param withWorkers runs of which a log knows workers
 */
export function missingLogs(
  db: Database,
  runs: readonly Run[],
  withWorkers: ReadonlySet<string | null>,
): MissingSummary[] {
  const kinds = db.query<LogKind>(sql`
    SELECT DISTINCT format, log, facts FROM log_kind ORDER BY importer`);
  const logs = logsOf(db);
  const found: (Omit<MissingSummary, "runs"> & { run: string })[] = [];
  const rows = coverage(db);
  const places = placesOfEvents(db);
  for (const { run, rundir, tasks } of runs) {
    const own = logs.filter((log) =>
      log.run === run || rundir !== null && log.rundir === rundir
    );
    const has = (log: string) => own.some((one) => one.log === log);
    const ofExecutors = kinds.filter(({ format }) =>
      !ofEachRun.includes(format) && own.some((one) => one.format === format)
    );
    const isUnknown = ofExecutors.length === 0 && !withWorkers.has(run) &&
      tasks > 0;
    const wanted = [
      ...kinds.filter(({ format }) => ofEachRun.includes(format)),
      ...ofExecutors,
      ...isUnknown ? [ofExecutor] : [],
    ];
    for (const { log, facts } of wanted) {
      if (!has(log)) found.push({ run, log, is_there: false, text: facts });
    }
    const steps = tasks === 0 ? [] : rows.filter((row) => row.run === run)
      .map((row) => ({
        ...row,
        ...places.get(`${row.span_type}/${row.event_type}`),
      }));
    const known = steps.filter(({ having }) => having > 0);
    for (const { having, component, format, place, rank } of steps) {
      if (having > 0 || known.some((step) => step.place === place)) continue;
      // The interchange's events are in interchange.log.
      const writer = component.split(".").at(-1)!;
      const kind = ofExecutors.find((kind) =>
        kind.format === format && kind.log.startsWith(writer)
      );
      const before = greatest(
        known.filter((step) => step.rank! < rank!),
        (a, b) => a.rank! - b.rank!,
      );
      if (!kind || !has(kind.log) || !before) continue;
      const text =
        `how long tasks were ${place}, at its log level or in this ` +
        `version: it counts as "${before.place}"`;
      found.push({ run, log: kind.log, is_there: true, text });
    }
  }
  return Map.groupBy(found, ({ log, text }) => `${log} ${text}`).values()
    .map((alike): MissingSummary => {
      const [{ run: _, ...missing }] = alike as [typeof found[number]];
      return { runs: alike.map(({ run }) => run), ...missing };
    }).toArray();
}

interface LogKind {
  format: string;
  log: string;
  facts: string;
}

interface Place {
  format: string;
  place: string | null;
  rank: number | null;
}

/** The place of a task after an event, by "span type/event type". */
const placesOfEvents = (db: Database): Map<string, Place> =>
  new Map(
    db.query<Place & { name: string }>(sql`
      SELECT span_type || '/' || event_type AS name, format, place,
        place_rank AS rank
      FROM event_kind JOIN span_kind ON span_kind.type = span_type
      WHERE place IS NOT NULL`).map((row) => [row.name, row]),
  );

interface RunLog {
  /** The label; null if only the directory is known. */
  run: string | null;
  rundir: string | null;
  /** A log that is there; null for a format that others show. */
  log: string | null;
  format: string;
}

/** The logs of each run, and the formats whose spans it has. */
const logsOf = (db: Database): RunLog[] =>
  db.query<RunLog>(sql`
    SELECT DISTINCT NULL AS run, rundir, log, format
    FROM source JOIN log_kind USING (importer)
    WHERE rundir IS NOT NULL
    UNION ALL
    SELECT DISTINCT NULL, attributes ->> 'rundir', NULL, format
    FROM span JOIN span_kind USING (type)
    WHERE format IN (SELECT format FROM log_kind)
    UNION ALL
    SELECT DISTINCT label, rundir, 'monitoring.db', 'monitoring'
    FROM span JOIN run ON run_id = attributes ->> 'run'
      JOIN run_label ON run_label.id = run.id
    WHERE type = 'parsl.monitoring.workflow'`);
