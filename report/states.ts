import { type Database, sql } from "../sql/mod.ts";
import { statesOverTime } from "../questions/mod.ts";
import { idsOf, type Spans } from "./spans.ts";

/** A change of state: a row of `statesOverTime`. */
export interface StateRow {
  root_id: number;
  time: number;
  state: string;
}

/** The type whose states are shown: tries, or of what most is told. */
export function mainType(
  db: Database,
  spans: Spans,
): string | undefined {
  const rows = db.query<{ type: string }>(sql`
    SELECT span.type FROM event JOIN span ON span.id = span_id
    WHERE named = 1 AND time IS NOT NULL
      ${spans.isPart ? sql`AND span.id IN (${idsOf(spans)})` : sql``}
    GROUP BY span.type ORDER BY span.type = 'parsl.rundir.try' DESC,
      span.type = 'parsl.monitoring.try' DESC, count(*) DESC LIMIT 1`);
  return rows[0]?.type;
}

/** In the order of root_id and time. */
export const statesOf = (
  db: Database,
  spans: Spans,
  type: string,
): StateRow[] => ofSpans(spans, db.query<StateRow>(statesOverTime(type)));

/** The rows whose root is on the page. */
export const ofSpans = ({ indexOf }: Spans, rows: StateRow[]): StateRow[] =>
  rows.filter(({ root_id }) => indexOf.has(root_id));

/** Run by run, how many tasks ended in each state, as far as it is known. */
export function lastStates(
  { all, indexOf }: Spans,
  states: readonly StateRow[],
): Map<string, Map<string, number>> {
  const ends = new Map<string, StateRow & { run: string }>();
  for (const row of states) {
    const identity = all[indexOf.get(row.root_id) ?? -1]?.identity;
    if (identity?.run === undefined || identity.task === undefined) continue;
    const key = JSON.stringify([identity.run, identity.task]);
    const before = ends.get(key);
    if (before && before.time > row.time) continue;
    ends.set(key, { ...row, run: identity.run });
  }
  const counts = new Map<string, Map<string, number>>();
  for (const { run, state } of ends.values()) {
    let ofRun = counts.get(run);
    if (!ofRun) counts.set(run, ofRun = new Map());
    ofRun.set(state, (ofRun.get(state) ?? 0) + 1);
  }
  return counts;
}
