import { type Database, sql } from "../sql/mod.ts";
import { coverageOf, type PageCoverage } from "./coverage.ts";
import type { Gathered } from "./gather.ts";
import {
  type Identity,
  type IdentityName,
  identityNames,
  scopeOf,
} from "./identity.ts";
import type { Spans } from "./spans.ts";

/** What the page says first. */
export interface Summary {
  runs: RunSummary[];
  /** Executors, blocks, managers and workers. */
  places: ThingSummary[];
  /** How many more of these there are. */
  morePlaces: number;
  longestTasks: ThingSummary[];
  coverage: PageCoverage[];
  /** In the order in which rows point to them. */
  sources: SourceSummary[];
  rows: number;
  leftOut: number;
}

/** A run, by its id or its directory. */
export interface RunSummary {
  run: string;
  /** What people call it: the run's own name, else its directory. */
  name: string;
  rundir: string | null;
  /** Unix seconds; null where no event has a time. */
  first: number | null;
  last: number | null;
  counts: Record<string, number>;
  /** How many tasks ended in which state. */
  states: [string, number][];
}

/** Something that rows are about. */
export interface ThingSummary {
  identity: Identity;
  kind: IdentityName;
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

// An executor's task is Parsl's own, told once more.
const kinds = identityNames.filter((name) => name !== "executor_task");
const placeKinds: IdentityName[] = ["executor", "block", "manager", "worker"];
const mostPlaces = 300;
const mostTasks = 20;

type Thing = ThingSummary & { run: string; ofTasks: Set<string> };

/** Counts what there is, in one walk over spans and rows. */
export function summaryOf(
  db: Database,
  spans: Spans,
  gathered: Gathered,
  states: Map<string, Map<string, number>>,
): Summary {
  const things = thingsOf(spans, gathered);
  const all = [...things.values()];
  const places = all.filter(({ kind }) => placeKinds.includes(kind));
  const length = ({ first, last }: Thing) => (last ?? 0) - (first ?? 0);
  const tasks = all.filter(({ kind }) => kind === "task");
  const shown = places.toSorted((a, b) =>
    placeKinds.indexOf(a.kind) - placeKinds.indexOf(b.kind)
  );
  const runs = runsOf(spans, all, states);
  return {
    runs,
    places: shown.slice(0, mostPlaces).map(plain),
    morePlaces: Math.max(0, shown.length - mostPlaces),
    longestTasks: tasks.sort((a, b) => length(b) - length(a))
      .slice(0, mostTasks).map(plain),
    coverage: coverageOf(db, new Set(runs.map(({ run }) => run))),
    sources: sourcesOf(db, spans, gathered),
    rows: gathered.times.length,
    leftOut: gathered.leftOut,
  };
}

const plain = ({ run: _, ofTasks, ...thing }: Thing): ThingSummary => ({
  ...thing,
  tasks: ofTasks.size,
});

function thingsOf({ all }: Spans, gathered: Gathered): Map<string, Thing> {
  const things = new Map<string, Thing>();
  const ofSpan = all.map(({ identity, rest }) => {
    const found: Thing[] = [];
    if (identity.run === undefined) return found;
    for (const kind of kinds) {
      if (identity[kind] === undefined) continue;
      const own: Identity = {};
      for (const name of scopeOf(kind)) {
        if (identity[name] !== undefined) own[name] = identity[name];
      }
      const key = JSON.stringify([kind, own]);
      let thing = things.get(key);
      if (!thing) {
        things.set(
          key,
          thing = {
            ...{ identity: own, kind, app: null },
            ...{ tasks: 0, events: 0, first: null, last: null },
            ...{ run: identity.run, ofTasks: new Set() },
          },
        );
      }
      if (identity.task !== undefined) thing.ofTasks.add(identity.task);
      if (typeof rest.app === "string") thing.app = rest.app;
      found.push(thing);
    }
    return found;
  });
  const count = (row: number, span: number) => {
    const time = gathered.times[row]!;
    for (const thing of ofSpan[span] ?? []) {
      thing.events++;
      if (Number.isNaN(time)) continue;
      // Rows are in the order of time.
      thing.first ??= time;
      thing.last = time;
    }
  };
  const others = Map.groupBy(gathered.others, ([row]) => row);
  gathered.spans.forEach((span, row) => {
    count(row, span);
    for (const [, other] of others.get(row) ?? []) count(row, other);
  });
  return things;
}

function runsOf(
  { all }: Spans,
  things: readonly Thing[],
  states: Map<string, Map<string, number>>,
): RunSummary[] {
  const runs = new Map<string, RunSummary>();
  for (const { type, identity: { run }, rest } of all) {
    if (run === undefined) continue;
    let found = runs.get(run);
    if (!found) {
      runs.set(
        run,
        found = {
          ...{ run, name: "", rundir: null, first: null, last: null },
          ...{ counts: {}, states: [...states.get(run) ?? []] },
        },
      );
    }
    if (typeof rest.rundir === "string") found.rundir ??= rest.rundir;
    if (/workflow$/.test(type) && typeof rest.name === "string") {
      found.name = rest.name;
    }
  }
  for (const { run, kind, first, last } of things) {
    const found = runs.get(run)!;
    found.counts[kind] = (found.counts[kind] ?? 0) + 1;
    if (first !== null) found.first = Math.min(found.first ?? first, first);
    if (last !== null) found.last = Math.max(found.last ?? last, last);
  }
  return [...runs.values()]
    .map((run) => ({ ...run, name: nameOf(run) }))
    .sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
}

// A workflow that runs again has the same name: its directory has another.
function nameOf({ name, rundir, run }: RunSummary): string {
  if (!name) return rundir ?? run;
  const directory = (rundir ?? run).split("/").at(-1);
  return `${name} ${directory}`;
}

function sourcesOf(
  db: Database,
  { isPart }: Spans,
  { sourceIds }: Gathered,
): SourceSummary[] {
  const rows = new Map(
    db.query<SourceSummary & { id: number }>(sql`SELECT id, path, importer,
      lines, matched, unmatched, malformed FROM source`)
      .map(({ id, ...source }) => [id, source]),
  );
  const missing: SourceSummary = {
    ...{ path: "?", importer: "", lines: 0, matched: 0 },
    ...{ unmatched: 0, malformed: 0 },
  };
  // Those to which rows point come first.
  const ids = new Set([...sourceIds, ...isPart ? [] : rows.keys()]);
  return [...ids].map((id) => rows.get(id) ?? missing);
}
