import { rollup } from "d3-array";
import { coverage, eventSequences } from "../questions/mod.ts";
import { type Database, sql } from "../sql/mod.ts";
import { scoped } from "./client/identity.js";
import type { PackedRows } from "./rows.ts";
import {
  type EntityKind,
  entityKinds,
  type Identity,
  idsQuery,
  type Spans,
} from "./spans.ts";

/** An entity that rows are about. */
interface Entity {
  identity: Identity;
  kind: EntityKind;
  run: string;
  app: string | null;
  /** The tasks in it, unless it is of one task. */
  tasks: Set<string> | undefined;
  events: number;
  /** Unix seconds; null if no event has a time. */
  first: number | null;
  last: number | null;
}

// A task of an executor is a task of Parsl, and would be counted twice.
const countedKinds = entityKinds.filter((kind) => kind !== "executor_task");
const placeKinds: EntityKind[] = ["executor", "block", "manager", "worker"];
const maxPlaces = 300;
const maxTasks = 20;

/** Everything that the page shows before its rows are unpacked. */
export function summarize(
  db: Database,
  spans: Spans,
  { sourceIds, length, leftOut }: PackedRows,
  states: ReadonlyMap<string, ReadonlyMap<string, number>>,
) {
  const entities = countEntities(db, spans);
  const runs = runSummaries(db, spans, entities, states);
  const ids = new Set<string | null>(runs.map(({ run }) => run));
  const places = placeKinds.flatMap((kind) =>
    entities.filter((entity) => entity.kind === kind)
  );
  const secondsOf = ({ first, last }: Entity) => (last ?? 0) - (first ?? 0);
  const tasks = entities.filter(({ kind }) => kind === "task")
    .sort((a, b) => secondsOf(b) - secondsOf(a));
  const shown = (entities: Entity[]) =>
    entities.map(({ tasks, ...entity }) => ({
      ...entity,
      tasks: tasks?.size ?? 1,
    }));
  return {
    runs,
    places: shown(places.slice(0, maxPlaces)),
    morePlaces: Math.max(0, places.length - maxPlaces),
    longestTasks: shown(tasks.slice(0, maxTasks)),
    coverage: coverage(db)
      .map((step) => ({ ...step, run: step.run ?? step.rundir }))
      .filter(({ run }) => ids.has(run)),
    sources: sourcesOf(db, spans, sourceIds),
    rows: length,
    leftOut,
  };
}

function countEntities(db: Database, { all }: Spans): Entity[] {
  const eventsOf = new Map(
    db.iterate<Pick<Entity, "events" | "first" | "last"> & { span_id: number }>(
      `SELECT span_id, count(*) AS events, min(time) AS first,
        max(time) AS last FROM event GROUP BY span_id`,
    ).map(({ span_id, ...events }) => [span_id, events]),
  );
  const entities = new Map<string, Entity>();
  for (const { id, identity, rest } of all) {
    const { run } = identity;
    if (run === undefined) continue;
    const { events, first, last } = eventsOf.get(id) ?? noEvents;
    const app = textIn(rest, "app");
    for (const kind of countedKinds) {
      if (identity[kind] === undefined) continue;
      const own: Identity = scoped(identity, kind);
      const entity = entities.getOrInsertComputed(
        JSON.stringify([kind, own]),
        () => ({
          identity: own,
          kind,
          run,
          app: null,
          tasks: own.task === undefined ? new Set<string>() : undefined,
          ...noEvents,
        }),
      );
      if (identity.task !== undefined) entity.tasks?.add(identity.task);
      entity.app = app ?? entity.app;
      entity.events += events;
      if (first === null || last === null) continue;
      entity.first = Math.min(entity.first ?? first, first);
      entity.last = Math.max(entity.last ?? last, last);
    }
  }
  return [...entities.values()];
}

/** A member of attributes as JSON, if it is text. */
function textIn(rest: string, name: string): string | undefined {
  if (!rest.includes(`"${name}":`)) return undefined;
  const value = JSON.parse(rest)[name];
  return typeof value === "string" ? value : undefined;
}

const noEvents = { events: 0, first: null, last: null };

/** Runs, by id or directory, with the numbers of their entities by kind. */
function runSummaries(
  db: Database,
  { all }: Spans,
  entities: readonly Entity[],
  states: ReadonlyMap<string, ReadonlyMap<string, number>>,
) {
  const spansOf = Map.groupBy(all, ({ identity }) => identity.run);
  const labels = new Map(
    db.query<{ run: string; label: string }>(
      `SELECT coalesce(run_id, rundir) AS run, label
      FROM run JOIN run_label USING (id)`,
    ).map(({ run, label }) => [run, label]),
  );
  return [...Map.groupBy(entities, ({ run }) => run)].map(([run, own]) => {
    const spans = spansOf.get(run)!;
    const { first, last } = own.find(({ kind }) => kind === "run")!;
    const directory = spans.values().map(({ rest }) => textIn(rest, "rundir"))
      .find((rundir) => rundir !== undefined) ?? run;
    const name = spans.filter(({ type }) => /workflow$/.test(type))
      .map(({ rest }) => textIn(rest, "name"))
      .findLast((name) => name !== undefined);
    const label = labels.get(run) ?? directory.split("/").at(-1)!;
    return {
      run,
      label,
      // Runs of one workflow share its name; their labels differ.
      name: name ? `${name} ${label}` : directory,
      first,
      last,
      counts: Object.fromEntries(
        rollup(own, ({ length }) => length, ({ kind }) => kind),
      ),
      states: [...states.get(run) ?? []],
    };
  }).sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
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
    steps: steps.filter(({ spans }) => spans > min),
  };
}
