import { createHash } from "node:crypto";
import { type Database, spanSql as sql } from "../sql/mod.ts";
import type { Manifest } from "./manifest.ts";
import { type IdKind, spansByRun } from "./run_tables.ts";

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
  /** The lowest id of each kind in the database. */
  lowest: Record<IdKind, number>;
}

/**
 * The ids of the runs of a database in a campaign. Each run has numbers that a
 * hash of its name chooses, so that campaigns can be merged; the order of ids
 * remains.
 */
export class RunIds {
  readonly #numbers: Numbers[] = [];
  readonly #index = new Map<string, number>();
  /** By the id of a span, the index of its run. */
  readonly #runOfSpan: Int32Array;

  constructor(
    db: Database,
    runs: readonly ExportedRun[],
    known: ReadonlyMap<string, Manifest>,
  ) {
    const [{ last }] = db.query<{ last: number }>(
      sql`SELECT ifnull(max(id), 0) AS last FROM span`,
    ) as [{ last: number }];
    this.#runOfSpan = new Int32Array(last + 1);
    const taken = [...known.entries()]
      .filter(([name]) => !runs.some((run) => run.name === name))
      .map(([, { ids }]) => ids);
    for (const [i, run] of runs.entries()) {
      this.#index.set(run.run, i);
      const spans = db.query<{ id: number }>(
        sql`SELECT id FROM (${spansByRun}) WHERE run = ${run.run}`,
      );
      for (const { id } of spans) this.#runOfSpan[id] = i;
      const { count, lowest } = extentOf(db, run.run);
      const first = known.get(run.name)?.ids.first ??
        freeNumber(run.name, count, taken);
      taken.push({ first, count });
      this.#numbers.push({ first, count, lowest });
    }
  }

  /** The numbers that the ids of a run have. */
  rangeOf({ run }: ExportedRun): { first: number; count: number } {
    const { first, count } = this.#numbers[this.#index.get(run)!]!;
    return { first, count };
  }

  /** Returns a function from an id of a run to its id in the campaign. */
  of({ run }: ExportedRun, kind: IdKind): (id: number) => number {
    if (kind === "span") return this.#ofSpan;
    const { first, lowest } = this.#numbers[this.#index.get(run)!]!;
    const shift = first - lowest[kind];
    return (id) => id + shift;
  }

  // The other span of an edge may be of another run.
  readonly #ofSpan = (id: number): number => {
    const { first, lowest } = this.#numbers[this.#runOfSpan[id]!]!;
    return id - lowest.span + first;
  };
}

/** The lowest ids of a run, and how many numbers its ids need. */
function extentOf(db: Database, run: string): Omit<Numbers, "first"> {
  const own = sql`(${spansByRun}) AS own`;
  const [row] = db.query<Record<string, number | null>>(sql`
    SELECT * FROM (
      SELECT min(id) AS span, max(id) AS last_span FROM ${own}
      WHERE run = ${run}
    ), (
      SELECT min(event_row.id) AS event, max(event_row.id) AS last_event
      FROM ${own} CROSS JOIN event_row ON span_id = own.id WHERE run = ${run}
    ), (
      SELECT min(metric_row.id) AS metric, max(metric_row.id) AS last_metric
      FROM ${own} CROSS JOIN metric_row ON span_id = own.id WHERE run = ${run}
    ), (
      SELECT max(last) AS last_other FROM (
        SELECT max(id) AS last FROM source UNION ALL
        SELECT max(id) FROM origin UNION ALL
        SELECT max(id) FROM rule UNION ALL
        SELECT max(id) FROM run UNION ALL
        SELECT max(id) FROM log_record)
    )`);
  const lowest = {
    span: row!.span ?? 0,
    event: row!.event ?? 0,
    metric: row!.metric ?? 0,
    other: 0,
  };
  const kinds = ["span", "event", "metric", "other"] as const;
  const counts = kinds.map((kind) =>
    (row![`last_${kind}`] ?? lowest[kind]) - lowest[kind] + 1
  );
  return { count: counts.reduce((a, b) => Math.max(a, b)), lowest };
}

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
