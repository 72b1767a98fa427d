import { counted } from "../display/text/format.ts";
import { pathEnds } from "../display/text/entities.js";
import { coverage, eventSequences } from "../questions/mod.ts";
import { type Database, sql } from "../sql/mod.ts";
import failedExamplesText from "./failed_examples.sql" with { type: "text" };
import { Entities, type Entity, type EventsOfSpans } from "./entities.ts";
import { type EntityKind, entityKinds, idsQuery, type Spans } from "./spans.ts";

// A task of an executor is a task of Parsl, and would be counted twice.
const countedKinds = entityKinds.filter((kind) => kind !== "executor_task");
const placeKinds: EntityKind[] = ["executor", "block", "manager", "worker"];
const maxPlaces = 300;
const maxTasks = 20;

/** Everything that the page shows before its rows are unpacked. */
export function pageContent(db: Database, spans: Spans) {
  const events = eventsOfSpans(db, spans);
  const counts = new Map<EntityKind, Map<string, number>>();
  const entitiesOf = (kind: EntityKind) => {
    const entities = new Entities(spans, events, kind);
    counts.set(kind, entities.countsByRun());
    return entities;
  };
  // One kind at a time: there may be millions of tasks, and as many tries.
  const tasks = shownTasks(entitiesOf("task"));
  const places = placeKinds.map((kind) => entitiesOf(kind));
  const runEntities = [...entitiesOf("run")];
  for (const kind of countedKinds) if (!counts.has(kind)) entitiesOf(kind);
  const runs = runSummaries(spans, runEntities, counts);
  const ids = new Set<string | null>(runs.map(({ run }) => run));
  const morePlaces = places.reduce(
    (sum, { length }) => sum + length,
    -maxPlaces,
  );
  return {
    runs,
    places: places.values().flatMap((entities) => entities).take(maxPlaces)
      .toArray(),
    morePlaces: Math.max(0, morePlaces),
    failedTasks: failedTasks(db, spans),
    ...tasks,
    coverage: coverage(db).filter(({ run }) => ids.has(run))
      .map(({ rundir: _, ...step }) => step),
  };
}

const shownTasks = (tasks: Entities) => ({
  longestTasks: tasks.longest(maxTasks),
  unfinishedTasks: tasks.unfinished,
});

/** "mapreduce 000", "mapreduce, 3 runs", "3 runs". */
export function titleOf(
  runs: readonly { run: string; workflow: string | null }[],
): string {
  if (runs.length === 0) return "No runs";
  const workflows = [...new Set(runs.map(({ workflow }) => workflow ?? ""))];
  const names = workflows.filter((name) => name !== "").slice(0, 3);
  const all = runs.length === 1 ? runs[0]!.run : counted(runs.length, "run");
  return names.length === 0
    ? all
    : names.join(", ") + (runs.length === 1 ? ` ${all}` : `, ${all}`);
}

/** A task for each of the most frequent exceptions, with its type. */
function failedTasks(db: Database, spans: Spans) {
  return db.query<{ id: number; exception: string; last_try: number }>(
    sql.module(failedExamplesText, { ids: idsQuery(spans.ids) }),
  ).flatMap(({ id, exception, last_try }) => {
    const { run, task } = spans.identityOf(spans.indexOf(id));
    return run === undefined || task === undefined
      ? []
      : [{ identity: { run, task }, exception, last_try }];
  });
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

/** Runs, by label, with the numbers of their entities by kind. */
function runSummaries(
  spans: Spans,
  runs: readonly Entity[],
  counts: ReadonlyMap<EntityKind, ReadonlyMap<string, number>>,
) {
  const names = workflowNames(spans);
  const isOneWorkflow = runs.length > 1 &&
    new Set(names.values()).size === 1 && names.size === runs.length;
  return runs.map(({ run, first, last }) => {
    const workflow = names.get(run) ?? null;
    return {
      run,
      workflow,
      // Runs of one workflow share its name; their labels differ.
      name: workflow === null || isOneWorkflow ? run : `${workflow} ${run}`,
      first,
      last,
      counts: Object.fromEntries(
        countedKinds.flatMap((kind) => {
          const count = counts.get(kind)!.get(run);
          return count === undefined ? [] : [[kind, count]];
        }),
      ),
    };
  }).sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
}

/** The last name that a workflow gives each run. */
function workflowNames(
  { length, identity, others, types, texts }: Spans,
): Map<string, string> {
  const names = new Map<string, string>();
  for (let span = 0; span < length; span++) {
    if (identity.run[span] === 0 || others.name[span] === 0) continue;
    if (!/workflow$/.test(texts.text(types[span]!))) continue;
    names.set(
      texts.text(identity.run[span]!),
      texts.text(others.name[span]!),
    );
  }
  return names;
}

/** The sources, in the order of their indexes in the rows, then the others. */
export function sourcesOf(
  db: Database,
  { isPart, labels }: Spans,
  sourceIds: readonly number[],
) {
  const rows = db.query<
    { id: number; path: string; rundir: string | null }
  >(`SELECT id, path, rundir, importer, lines, matched, unmatched, malformed,
      continued, copies FROM source`);
  const withoutRoot = pathsBelowRoot(rows.map(({ path }) => path));
  const short = pathEnds(rows);
  const sources = new Map(
    rows.map(({ id, path, rundir, ...source }) => [id, {
      path: withoutRoot(path),
      short: short.get(path),
      run: rundir === null ? null : labels.get(rundir) ?? null,
      ...source,
    }]),
  );
  const ids = new Set([...sourceIds, ...isPart ? [] : sources.keys()]);
  return [...ids].map((id) => sources.get(id) ?? { path: "?" });
}

/**
 * Cuts off the directories above the deepest one that contains all files: where
 * somebody keeps a runinfo is of no use to a reader of the page, and may be
 * private.
 */
function pathsBelowRoot(
  paths: readonly string[],
): (path: string) => string {
  const directories = paths.map((path) => path.split("/").slice(0, -1));
  const [first = [], ...others] = directories;
  const shared = first.findIndex((name, i) =>
    others.some((other) => other[i] !== name)
  );
  const skipped = Math.max(0, (shared < 0 ? first.length : shared) - 1);
  return (path) => path.split("/").slice(skipped).join("/");
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
