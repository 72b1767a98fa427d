import { createHash } from "node:crypto";
import { type Database, spanSql as sql } from "../sql/mod.ts";
import type { Manifest } from "./manifest.ts";
import type { IdKind } from "./run_tables.ts";
import type { Spans } from "./spans.ts";

/** A run in a database that is exported. */
export interface ExportedRun {
  /** Its id or directory, as spans have it; "" for spans that have no run. */
  run: string;
  label: string;
  /** The name of its directory in a campaign. */
  name: string;
}

/** Numbers of a run: together with 2^29 runs they are exact in JavaScript. */
export const numbersOfRun = 2 ** 24;

interface Numbers {
  first: number;
  count: number;
  /** The lowest and the highest id of each kind in the database. */
  bounds: Record<IdKind, readonly [lowest: number, last: number]>;
}

/**
 * The ids of the runs of a database in a campaign. Each run has numbers that a
 * hash of its name chooses, so that campaigns can be merged; the order of ids
 * remains.
 */
export class RunIds {
  readonly #numbers = new Map<string, Numbers>();
  readonly #spans: Spans;
  /** By the index of a group of spans, what is added to their ids. */
  readonly #shifts: Float64Array;

  constructor(
    db: Database,
    spans: Spans,
    runs: readonly ExportedRun[],
    known: ReadonlyMap<string, Manifest>,
  ) {
    this.#spans = spans;
    this.#shifts = new Float64Array(spans.groups.length);
    const events = boundsByRun(db, spans, "event_row");
    const metrics = boundsByRun(db, spans, "metric_row");
    const [[lastOther]] = db.arrays(sql`SELECT max(last) FROM (
      SELECT max(id) AS last FROM source UNION ALL
      SELECT max(id) FROM origin UNION ALL
      SELECT max(id) FROM rule UNION ALL
      SELECT max(id) FROM run UNION ALL
      SELECT max(id) FROM log_record)`) as [[number | null]];
    const boundsOf = (run: string): Numbers["bounds"] => ({
      span: spans.boundsOf(run),
      event: events.get(run) ?? [0, 0],
      metric: metrics.get(run) ?? [0, 0],
      other: [0, lastOther ?? 0],
    });
    const taken = [...known.entries()]
      .filter(([name]) => !runs.some((run) => run.name === name))
      .map(([, { ids }]) => ids);
    for (const run of runs) {
      const bounds = boundsOf(run.run);
      let count = 0;
      for (const [lowest, last] of Object.values(bounds)) {
        count = Math.max(count, last - lowest + 1);
      }
      const first = known.get(run.name)?.ids.first ??
        freeNumber(run.name, count, taken);
      taken.push({ first, count });
      this.#numbers.set(run.run, { first, count, bounds });
    }
    spans.groups.forEach(({ run }, group) => {
      this.#shifts[group] = this.#shiftOf(run, "span");
    });
  }

  /** The numbers that the ids of a run have. */
  rangeOf({ run }: ExportedRun): { first: number; count: number } {
    const { first, count } = this.#numbers.get(run)!;
    return { first, count };
  }

  /** The lowest and the highest id of the rows of a run in the database. */
  boundsOf({ run }: ExportedRun, kind: IdKind): readonly [number, number] {
    return this.#numbers.get(run)!.bounds[kind];
  }

  /** Returns a function from an id of a run to its id in the campaign. */
  of({ run }: ExportedRun, kind: IdKind): (id: number) => number {
    if (kind === "span") return this.#ofSpan;
    const shift = this.#shiftOf(run, kind);
    return (id) => id + shift;
  }

  #shiftOf(run: string, kind: IdKind): number {
    const { first, bounds } = this.#numbers.get(run)!;
    return first - bounds[kind][0];
  }

  // The other span of an edge may be of another run.
  readonly #ofSpan = (id: number): number =>
    id + (this.#shifts[this.#spans.groupIndexOf(id)] ?? 0);
}

/** The lowest and highest ids of rows, by the run of their spans. */
type Bounds = Map<string, readonly [lowest: number, last: number]>;

function boundsByRun(
  db: Database,
  spans: Spans,
  table: "event_row" | "metric_row",
): Bounds {
  const bounds: Bounds = new Map();
  const [[lowest, last]] = db.arrays(
    sql`SELECT min(id), max(id) FROM ${sql.id(table)}`,
  ) as [[number | null, number]];
  if (lowest === null) return bounds;
  if (spans.runs.length === 1) {
    return bounds.set(spans.runs[0]!, [lowest, last]);
  }
  for (let [after, read] = [lowest - 1, pageSize]; read === pageSize;) {
    const page = db.arrays(
      sql`SELECT id, span_id FROM ${sql.id(table)} WHERE id > ${after}
        ORDER BY id LIMIT ${pageSize}`,
    ) as [number, number][];
    read = page.length;
    for (const [id, span] of page) {
      after = id;
      const group = spans.groups[spans.groupIndexOf(span)];
      if (!group) continue;
      const { run } = group;
      bounds.set(run, [bounds.get(run)?.[0] ?? id, id]);
    }
  }
  return bounds;
}

const pageSize = 50_000;

/** The first number for a run, which overlaps with none that are taken. */
function freeNumber(
  name: string,
  count: number,
  taken: readonly { first: number; count: number }[],
): number {
  for (let attempt = 0;; attempt++) {
    const digest = createHash("sha256").update(`${name} ${attempt}`).digest();
    // 29 bits; 0 would give a run the ids of a database.
    const first = ((digest.readUInt32BE(0) >>> 3) || 1) * numbersOfRun;
    const isTaken = taken.some((other) =>
      first < other.first + other.count && other.first < first + count
    );
    if (!isTaken && Number.isSafeInteger(first + count)) return first;
  }
}
