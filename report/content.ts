import { coverage, eventSequences } from "../questions/mod.ts";
import { type Database, sql } from "../sql/mod.ts";
import { Entities, type EventsOfSpans } from "./entities.ts";
import type { PackedRows } from "./rows.ts";
import { type EntityKind, entityKinds, idsQuery, type Spans } from "./spans.ts";

// A task of an executor is a task of Parsl, and would be counted twice.
const countedKinds = entityKinds.filter((kind) => kind !== "executor_task");
const placeKinds: EntityKind[] = ["executor", "block", "manager", "worker"];
const maxPlaces = 300;
const maxTasks = 20;

/** Everything that the page shows before its rows are unpacked. */
export function pageContent(
  db: Database,
  spans: Spans,
  { sourceIds, length, leftOut }: PackedRows,
) {
  const events = eventsOfSpans(db, spans);
  const entities = new Map<EntityKind, Entities>(
    countedKinds.map((kind) => [kind, new Entities(spans, events, kind)]),
  );
  const runs = runSummaries(db, spans, entities);
  const ids = new Set<string | null>(runs.map(({ run }) => run));
  const places = placeKinds.map((kind) => entities.get(kind)!);
  const morePlaces = places.reduce(
    (sum, { length }) => sum + length,
    -maxPlaces,
  );
  const idOf = new Map(runs.map(({ run, label }) => [label, run]));
  return {
    runs,
    places: places.values().flatMap((entities) => entities).take(maxPlaces)
      .toArray(),
    morePlaces: Math.max(0, morePlaces),
    longestTasks: entities.get("task")!.longest(maxTasks),
    unfinishedTasks: entities.get("task")!.unfinished,
    coverage: coverage(db)
      .map((step) => ({ ...step, run: idOf.get(step.run) ?? step.run }))
      .filter(({ run }) => ids.has(run)),
    sources: sourcesOf(db, spans, sourceIds),
    rows: length,
    leftOut,
  };
}

function eventsOfSpans(db: Database, spans: Spans): EventsOfSpans {
  const count = new Float64Array(spans.length);
  const [first, last] = [count.map(() => NaN), count.map(() => NaN)];
  const rows = db.iterate<
    { span_id: number; events: number; first: number; last: number }
  >(
    `SELECT span_id, count(*) AS events, min(time) AS first,
      max(time) AS last FROM event GROUP BY span_id`,
  );
  for (const row of rows) {
    const span = spans.indexOf(row.span_id);
    if (span < 0) continue;
    count[span] = row.events;
    first[span] = row.first ?? NaN;
    last[span] = row.last ?? NaN;
  }
  return { count, first, last, state: statesOfSpans(db, spans) };
}

/** By span, whether it ended; fail_retryable ends a try, not its task. */
function statesOfSpans(db: Database, spans: Spans): Uint8Array {
  const state = new Uint8Array(spans.length);
  const rows = db.iterate<{ span_id: number; state: number }>(`
    SELECT span_id, max(CASE
        WHEN final = 1 AND coalesce(place_rank, 80) < 100 THEN 2 ELSE 1
      END) AS state
    FROM span CROSS JOIN event_row ON span_id = span.id
      CROSS JOIN event_type ON event_type.id = type_id AND named = 1
      CROSS JOIN event_kind
        ON span_type = span.type AND event_type = event_type.type
    WHERE span.type IN (SELECT span_type FROM event_kind WHERE final = 1)
    GROUP BY span_id`);
  for (const row of rows) {
    const span = spans.indexOf(row.span_id);
    if (span >= 0) state[span] = row.state;
  }
  return state;
}

/** Runs, by id or directory, with the numbers of their entities by kind. */
function runSummaries(
  db: Database,
  spans: Spans,
  entities: ReadonlyMap<EntityKind, Entities>,
) {
  const labels = new Map(
    db.query<{ run: string; label: string }>(
      `SELECT coalesce(run_id, rundir) AS run, label
      FROM run JOIN run_label USING (id)`,
    ).map(({ run, label }) => [run, label]),
  );
  const described = describeRuns(spans);
  const counts = Array.from(
    entities,
    ([kind, entities]) => [kind, entities.countsByRun()] as const,
  );
  return Array.from(entities.get("run")!, ({ run, first, last }) => {
    const { rundir: directory = run, name } = described.get(run) ?? {};
    const label = labels.get(run) ?? directory.split("/").at(-1)!;
    return {
      run,
      label,
      // Runs of one workflow share its name; their labels differ.
      name: name ? `${name} ${label}` : directory,
      first,
      last,
      counts: Object.fromEntries(
        counts.flatMap(([kind, byRun]) => {
          const count = byRun.get(run);
          return count === undefined ? [] : [[kind, count]];
        }),
      ),
    };
  }).sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
}

/** The directory of each run, and the last name that a workflow gives it. */
function describeRuns(
  { length, identity, others, types, texts }: Spans,
): Map<string, { rundir?: string; name?: string }> {
  const found = new Map<number, { rundir?: string; name?: string }>();
  for (let span = 0; span < length; span++) {
    const run = identity.run[span]!;
    if (run === 0) continue;
    const known = found.getOrInsertComputed(run, () => ({}));
    if (known.rundir === undefined && others.rundir[span] !== 0) {
      known.rundir = texts.text(others.rundir[span]!);
    }
    if (others.name[span] === 0) continue;
    if (!/workflow$/.test(texts.text(types[span]!))) continue;
    known.name = texts.text(others.name[span]!);
  }
  return new Map(
    Array.from(found, ([run, known]) => [texts.text(run), known]),
  );
}

/** The sources, in the order of their indexes in the rows, then the others. */
function sourcesOf(
  db: Database,
  { isPart }: Spans,
  sourceIds: readonly number[],
) {
  const sources = new Map(
    db.query<{ id: number; path: string }>(sql`SELECT id, path, importer,
      lines, matched, unmatched, malformed FROM source`)
      .map(({ id, ...source }) => [id, source]),
  );
  const ids = new Set([...sourceIds, ...isPart ? [] : sources.keys()]);
  return [...ids].map((id) => sources.get(id) ?? { path: "?" });
}

// Steps of few spans, such as a fifth try, are not typical.
const maxSteps = 60;

/**
 * The steps of tasks, as the preferred component describes them.
 *
 * @param otherType the type to use if there are no tasks
 */
export function typicalTask(
  db: Database,
  spans: Spans,
  otherType: string | undefined,
) {
  const { texts, types, ids } = spans;
  const present = new Set(
    Array.from(new Set(types), (number) => texts.text(number)),
  );
  const [type = otherType] = db.query<{ type: string }>(
    "SELECT type FROM span_kind WHERE role = 'task' ORDER BY preference",
  ).map(({ type }) => type).filter((type) => present.has(type));
  if (type === undefined) return undefined;
  const number = texts.number(type);
  const all = ids.filter((_, span) => types[span] === number);
  const roots = spans.isPart ? idsQuery(all) : type;
  const steps = eventSequences(db, roots, { align: "step" });
  const min = steps.map(({ spans }) => spans).sort((a, b) => b - a)
    .at(maxSteps) ?? 0;
  return {
    type,
    spans: all.length,
    steps: steps.filter(({ spans }) => spans > min),
  };
}
