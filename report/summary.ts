import { coverage, eventSequences } from "../questions/mod.ts";
import { type Database, sql } from "../sql/mod.ts";
import type { PageRows } from "./rows.ts";
import {
  type EntityKind,
  entityKinds,
  type Identity,
  idsQuery,
  scopeOf,
  type Spans,
} from "./spans.ts";

/** A run, by its id or its directory. */
export interface RunSummary {
  run: string;
  /** Name of the workflow and last part of the directory. */
  name: string;
  rundir: string | null;
  /** Unix seconds; null if no event has a time. */
  first: number | null;
  last: number | null;
  /** Number of entities by kind. */
  counts: Record<string, number>;
  /** Number of tasks by their last state. */
  states: [string, number][];
}

/** An entity that rows are about. */
interface EntitySummary {
  identity: Identity;
  kind: EntityKind;
  app: string | null;
  tasks: number;
  events: number;
  first: number | null;
  last: number | null;
}

interface SourceSummary {
  path: string;
  importer: string;
  lines: number;
  matched: number;
  unmatched: number;
  malformed: number;
}

// A task of an executor is a task of Parsl, and would be counted twice.
const countedKinds = entityKinds.filter((kind) => kind !== "executor_task");
const placeKinds: EntityKind[] = ["executor", "block", "manager", "worker"];
const maxPlaces = 300;
const maxTasks = 20;

type CountedEntity = EntitySummary & { run: string; ofTasks: Set<string> };

/** Everything that the page shows before its rows are unpacked. */
export function summarize(
  db: Database,
  spans: Spans,
  rows: PageRows,
  states: ReadonlyMap<string, ReadonlyMap<string, number>>,
) {
  const entities = countEntities(spans, rows);
  const runs = runSummaries(spans, entities, states);
  const places = entities.filter(({ kind }) => placeKinds.includes(kind))
    .sort((a, b) => placeKinds.indexOf(a.kind) - placeKinds.indexOf(b.kind));
  const length = ({ first, last }: CountedEntity) => (last ?? 0) - (first ?? 0);
  const tasks = entities.filter(({ kind }) => kind === "task")
    .sort((a, b) => length(b) - length(a));
  const ids = new Set<string | null>(runs.map(({ run }) => run));
  return {
    runs,
    places: places.slice(0, maxPlaces).map(withTaskCount),
    morePlaces: Math.max(0, places.length - maxPlaces),
    longestTasks: tasks.slice(0, maxTasks).map(withTaskCount),
    coverage: coverage(db).map((step) => ({
      run: step.run ?? step.rundir,
      type: step.span_type,
      event: step.event_type,
      tries: step.tries,
      having: step.having,
      launchedShare: step.launched_share,
    })).filter(({ run }) => ids.has(run)),
    sources: sourcesOf(db, spans, rows),
    rows: rows.columns.time.length,
    leftOut: rows.leftOut,
  };
}

const withTaskCount = (
  { run: _, ofTasks, ...entity }: CountedEntity,
): EntitySummary => ({ ...entity, tasks: ofTasks.size });

function countEntities({ all }: Spans, { columns }: PageRows): CountedEntity[] {
  const entities = new Map<string, CountedEntity>();
  const ofSpan = all.map(({ identity, rest }) => {
    const { run } = identity;
    if (run === undefined) return [];
    return countedKinds.filter((kind) => identity[kind] !== undefined)
      .map((kind) => {
        const own: Identity = {};
        for (const name of scopeOf(kind)) {
          if (identity[name] !== undefined) own[name] = identity[name];
        }
        const entity = entities.getOrInsertComputed(
          JSON.stringify([kind, own]),
          () => ({
            identity: own,
            kind,
            app: null,
            tasks: 0,
            events: 0,
            first: null,
            last: null,
            run,
            ofTasks: new Set(),
          }),
        );
        if (identity.task !== undefined) entity.ofTasks.add(identity.task);
        if (typeof rest.app === "string") entity.app = rest.app;
        return entity;
      });
  });
  const count = (row: number, span: number) => {
    const time = columns.time[row]!;
    for (const entity of ofSpan[span] ?? []) {
      entity.events++;
      if (Number.isNaN(time)) continue;
      // Rows are in order of time.
      entity.first ??= time;
      entity.last = time;
    }
  };
  let next = 0;
  columns.span.forEach((span, row) => {
    count(row, span);
    for (; columns.otherRow[next] === row; next++) {
      count(row, columns.otherSpan[next]!);
    }
  });
  return [...entities.values()];
}

function runSummaries(
  { all }: Spans,
  entities: readonly CountedEntity[],
  states: ReadonlyMap<string, ReadonlyMap<string, number>>,
): RunSummary[] {
  const runs = new Map<string, RunSummary>();
  for (const { type, identity: { run }, rest } of all) {
    if (run === undefined) continue;
    const found = runs.getOrInsertComputed(run, () => ({
      run,
      name: "",
      rundir: null,
      first: null,
      last: null,
      counts: {},
      states: [...states.get(run) ?? []],
    }));
    if (typeof rest.rundir === "string") found.rundir ??= rest.rundir;
    if (/workflow$/.test(type) && typeof rest.name === "string") {
      found.name = rest.name;
    }
  }
  for (const { run, kind, first, last } of entities) {
    const found = runs.get(run)!;
    found.counts[kind] = (found.counts[kind] ?? 0) + 1;
    if (first !== null) found.first = Math.min(found.first ?? first, first);
    if (last !== null) found.last = Math.max(found.last ?? last, last);
  }
  return [...runs.values()]
    .map((run) => ({ ...run, name: displayName(run) }))
    .sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
}

// Runs of one workflow share its name; their directories differ.
function displayName({ name, rundir, run }: RunSummary): string {
  if (!name) return rundir ?? run;
  const directory = (rundir ?? run).split("/").at(-1);
  return `${name} ${directory}`;
}

/** The sources, in the order of their indexes in the rows, then the others. */
function sourcesOf(
  db: Database,
  { isPart }: Spans,
  { sourceIds }: PageRows,
): SourceSummary[] {
  const sources = new Map(
    db.query<SourceSummary & { id: number }>(sql`SELECT id, path, importer,
      lines, matched, unmatched, malformed FROM source`)
      .map(({ id, ...source }) => [id, source]),
  );
  const missing: SourceSummary = {
    path: "?",
    importer: "",
    lines: 0,
    matched: 0,
    unmatched: 0,
    malformed: 0,
  };
  const ids = new Set([...sourceIds, ...isPart ? [] : sources.keys()]);
  return [...ids].map((id) => sources.get(id) ?? missing);
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
  const types = new Set(spans.all.map(({ type }) => type));
  const [type = otherType] = db.query<{ type: string }>(
    "SELECT type FROM span_kind WHERE role = 'task' ORDER BY preference",
  ).map(({ type }) => type).filter((type) => types.has(type));
  if (type === undefined) return undefined;
  const all = spans.all.filter((span) => span.type === type);
  const roots = spans.isPart ? idsQuery(all) : type;
  const steps = eventSequences(db, roots, { align: "step" });
  const min = steps.map(({ spans }) => spans).sort((a, b) => b - a)
    .at(maxSteps) ?? 0;
  return {
    type,
    spans: all.length,
    steps: steps.filter(({ spans }) => spans > min).map((step) => ({
      event: step.event_type,
      component: step.component,
      nth: step.nth,
      spans: step.spans,
      sinceStart: step.since_start_p50,
      sinceBefore: step.since_before_p50,
      sinceBefore95: step.since_before_p95,
      sinceBeforeMax: step.since_before_maximum,
    })),
  };
}
