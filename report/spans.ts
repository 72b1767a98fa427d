import { uniqueEnds } from "../display/text/unique_ends.ts";
import { findRun } from "../questions/mod.ts";
import { type Database, type Sql, sql, TextNumbers } from "../sql/mod.ts";
import { identityNames, type scopes } from "./client/identity.js";

/** A kind of entity to click on; also the attribute that names it. */
export type EntityKind = keyof typeof scopes;

/** The kinds, from the widest to the narrowest. */
export const entityKinds = identityNames as readonly EntityKind[];

/** The entities that a span belongs to, if known. */
export type Identity = Partial<Record<EntityKind, string>>;

/** The attributes that the page needs apart from the identities. */
const otherNames = ["app", "rundir", "name"] as const;

/**
 * Spans, column by column, by their index: objects of millions of them would
 * take gigabytes. Texts are numbers of `texts`, and 0 where there is none.
 */
export class Spans {
  readonly identity: Readonly<Record<EntityKind, Int32Array>>;
  readonly others: Readonly<Record<typeof otherNames[number], Int32Array>>;
  /** The label of each run, by its id or directory. */
  readonly labels: Map<string, string> = new Map();

  /** @param isPart whether the database has others; `ids` ascend */
  constructor(
    readonly texts: TextNumbers,
    readonly ids: Float64Array,
    readonly types: Int32Array,
    columns: (name: string) => Int32Array,
    readonly isPart: boolean,
  ) {
    const named = <N extends string>(names: readonly N[]) =>
      Object.fromEntries(
        names.map((name) => [name, columns(name)]),
      ) as Record<N, Int32Array>;
    this.identity = named(entityKinds);
    this.others = named(otherNames);
  }

  get length(): number {
    return this.ids.length;
  }

  /** The index of the span with an id, or -1. */
  indexOf(id: number | null): number {
    if (id === null) return -1;
    const { ids } = this;
    // Ids mostly have no gaps.
    const guess = id - ids[0]!;
    if (ids[guess] === id) return guess;
    let [from, until] = [0, ids.length];
    while (from < until) {
      const middle = (from + until) >> 1;
      if (ids[middle]! < id) from = middle + 1;
      else until = middle;
    }
    return ids[from] === id ? from : -1;
  }

  text(number: number): string | undefined {
    return number === 0 ? undefined : this.texts.text(number);
  }

  type(index: number): string {
    return this.texts.text(this.types[index]!);
  }

  identityOf(index: number): Identity {
    const identity: Identity = {};
    for (const kind of entityKinds) {
      const text = this.text(this.identity[kind][index]!);
      if (text !== undefined) identity[kind] = text;
    }
    return identity;
  }
}

/** A query of the ids of spans. */
export const idsQuery = (ids: Iterable<number>): Sql =>
  sql`SELECT value AS id FROM json_each(${JSON.stringify([...ids])})`;

/**
 * Reads all spans. A span without a part of its identity takes it from equal
 * spans and from those around it, unless these contradict each other.
 */
export function readSpans(db: Database): Spans {
  const [{ count }] = db.query<{ count: number }>(
    "SELECT count(*) AS count FROM span",
  ) as [{ count: number }];
  const texts = new TextNumbers();
  const ids = new Float64Array(count);
  const types = new Int32Array(count);
  const names = [...entityKinds, ...otherNames];
  const columns = Object.fromEntries(
    names.map((name) => [name, new Int32Array(count)]),
  );
  const rows = db.iterate<{ id: number; type: string; attributes: string }>(
    "SELECT id, type, attributes FROM span ORDER BY id",
  );
  // A queue numbers its tasks under a name of its own.
  const workNames = new Map(
    db.query<{ type: string; name: string }>(
      `SELECT type, identity ->> '$[#-1]' AS name FROM span_kind
      WHERE role = 'work'`,
    ).map(({ type, name }) => [type, name]),
  );
  let index = 0;
  for (const { id, type, attributes } of rows) {
    ids[index] = id;
    types[index] = texts.number(type);
    const { identity, rest } = splitAttributes(attributes);
    const work = rest[workNames.get(type) ?? ""];
    if (work != null) identity.executor_task ??= String(work);
    for (const kind of entityKinds) {
      const text = identity[kind];
      if (text !== undefined) columns[kind]![index] = texts.number(text);
    }
    for (const name of otherNames) {
      const value = rest[name];
      if (typeof value === "string") {
        columns[name]![index] = texts.number(value);
      }
    }
    index++;
  }
  const spans = new Spans(texts, ids, types, (name) => columns[name]!, false);
  completeIdentities(spans, readPaths(db, spans));
  for (const [name, label] of labelRuns(db, spans)) {
    spans.labels.set(name, label);
  }
  return spans;
}

/**
 * The page knows runs by their labels: nobody can say an id.
 *
 * @returns the label of each run, by its id or directory
 */
function labelRuns(
  db: Database,
  { texts, identity }: Spans,
): Map<string, string> {
  const { run } = identity;
  const names = Array.from(
    new Set(run.filter((number) => number !== 0)),
    (number) => texts.text(number),
  );
  const rows = db.query<{ name: string; label: string }>(`
    SELECT name, label FROM run_label JOIN (
      SELECT id, run_id AS name FROM run UNION ALL SELECT id, rundir FROM run
    ) USING (id) WHERE name IS NOT NULL`);
  const known = new Map(rows.map(({ name, label }) => [name, label]));
  // Queues without Parsl are no rows of the table run.
  const ends = uniqueEnds(names, new Set(known.values()));
  const labels = new Map([...ends, ...known]);
  const numbers = new Map(
    names.map((name) => [texts.number(name), texts.number(labels.get(name)!)]),
  );
  for (let span = 0; span < run.length; span++) {
    if (run[span] !== 0) run[span] = numbers.get(run[span]!)!;
  }
  return labels;
}

/** The identity of a span and its other attributes. */
export function splitAttributes(
  attributes: string,
): { identity: Identity; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = JSON.parse(attributes);
  const identity: Identity = {};
  for (const kind of entityKinds) {
    // If no log names the run, its directory stands for it.
    const value = kind === "run" ? rest.run ?? rest.rundir : rest[kind];
    if (value === undefined || value === null) continue;
    identity[kind] = typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
    delete rest[kind];
  }
  return { identity, rest };
}

/** Indexes of spans, in pairs: the second takes its identity from the first. */
function readPaths(db: Database, spans: Spans): Int32Array {
  const [{ count }] = db.query<{ count: number }>(
    `SELECT 2 * (SELECT count(*) FROM facet) +
       (SELECT count(*) FROM subspan) AS count`,
  ) as [{ count: number }];
  const paths = new Int32Array(2 * count);
  let length = 0;
  const edges = db.iterate<{ a: number; b: number }>(
    `SELECT left_id AS a, right_id AS b FROM facet
    UNION ALL SELECT right_id, left_id FROM facet
    UNION ALL SELECT superspan_id, subspan_id FROM subspan`,
  );
  for (const { a, b } of edges) {
    const [from, to] = [spans.indexOf(a), spans.indexOf(b)];
    if (from < 0 || to < 0 || from === to) continue;
    paths[length++] = from;
    paths[length++] = to;
  }
  return paths.subarray(0, length);
}

// Spans nested deeper have names of their own.
const maxRounds = 8;

/** No number of a text. */
const contradiction = 1;

function completeIdentities({ identity }: Spans, paths: Int32Array): void {
  for (const kind of entityKinds) {
    const values = identity[kind];
    const found = new Int32Array(values.length);
    for (let round = 0; round < maxRounds; round++) {
      found.fill(0);
      for (let i = 0; i < paths.length; i += 2) {
        const to = paths[i + 1]!;
        const value = values[paths[i]!]!;
        if (value === 0 || values[to] !== 0) continue;
        const isFirst = found[to] === 0 || found[to] === value;
        found[to] = isFirst ? value : contradiction;
      }
      let isComplete = true;
      for (let index = 0; index < found.length; index++) {
        const value = found[index]!;
        if (value === 0 || value === contradiction) continue;
        values[index] = value;
        isComplete = false;
      }
      if (isComplete) break;
    }
  }
}

/**
 * The spans of one run.
 *
 * @throws {RangeError} with a list of the runs, if none or several match
 */
export function onlyRun(db: Database, spans: Spans, name: string): Spans {
  const { run, rundir } = findRun(db, name);
  const { texts, ids, types, identity, others, labels } = spans;
  const key = texts.number(labels.get(run ?? rundir!) ?? "");
  const isOfRun = (_: number, index: number) => identity.run[index] === key;
  return new Spans(
    texts,
    ids.filter(isOfRun),
    types.filter(isOfRun),
    (name) => ({ ...identity, ...others })[name as EntityKind].filter(isOfRun),
    true,
  );
}
