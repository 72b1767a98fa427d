import { flatRollup, rollup } from "d3-array";
import { type Chart, spansInState, twoEvents } from "../plots/mod.ts";
import { statesOverTime, whereIsEveryTask } from "../questions/mod.ts";
import { type Database, sql } from "../sql/mod.ts";
import { idsQuery, type Spans } from "./spans.ts";

/** A change of state. */
interface StateChange {
  root_id: number;
  time: number;
  state: string;
}

/** The type whose states are shown: tries, or the one with most events. */
export function mainType(db: Database, spans: Spans): string | undefined {
  const rows = db.query<{ type: string }>(sql`
    SELECT span.type FROM event JOIN span ON span.id = span_id
      LEFT JOIN span_kind ON span_kind.type = span.type AND role = 'try'
    WHERE named = 1 AND time IS NOT NULL
      ${spans.isPart ? sql`AND span.id IN (${idsQuery(spans.all)})` : sql``}
    GROUP BY span.type
    ORDER BY preference IS NULL, preference, count(*) DESC LIMIT 1`);
  return rows[0]?.type;
}

/** The changes of state of a type, ordered by root_id and time. */
export const statesOf = (
  db: Database,
  spans: Spans,
  type: string,
): StateChange[] => onPage(spans, db.query<StateChange>(statesOverTime(type)));

const onPage = ({ indexOf }: Spans, rows: StateChange[]): StateChange[] =>
  rows.filter(({ root_id }) => indexOf.has(root_id));

const identityOf = ({ all, indexOf }: Spans, { root_id }: StateChange) =>
  all[indexOf.get(root_id)!]!.identity;

/** Per run, the number of tasks by their last state. */
export function lastStates(
  spans: Spans,
  states: readonly StateChange[],
): Map<string, Map<string, number>> {
  const ofTasks = states.map((row) => ({ ...row, ...identityOf(spans, row) }))
    .filter(({ run, task }) => run !== undefined && task !== undefined);
  const lasts = flatRollup(
    ofTasks,
    (rows) => rows.reduce((a, b) => a.time > b.time ? a : b).state,
    ({ run }) => run!,
    ({ task }) => task,
  );
  return rollup(
    lasts,
    ({ length }) => length,
    ([run]) => run,
    ([, , state]) => state,
  );
}

// More runs share their charts.
const maxRuns = 6;

/** The charts of the page, run by run. */
export function chartsOf(
  db: Database,
  spans: Spans,
  runs: readonly { run: string; name: string }[],
  type: string,
  states: readonly StateChange[],
): Chart[] {
  const places = onPage(spans, db.query<StateChange>(whereIsEveryTask()));
  if (runs.length < 2 || runs.length > maxRuns) {
    return chartsOfRun(type, states, places);
  }
  const runOf = (change: StateChange) => identityOf(spans, change).run;
  const statesOf = Map.groupBy(states, runOf);
  const placesOf = Map.groupBy(places, runOf);
  return runs.flatMap(({ run, name }) =>
    chartsOfRun(type, statesOf.get(run) ?? [], placesOf.get(run) ?? [], name)
  );
}

function chartsOfRun(
  type: string,
  states: readonly StateChange[],
  places: readonly StateChange[],
  subtitle?: string,
): Chart[] {
  const launched = fromLaunch(states);
  const [times, between] = launched.length > 0
    ? [launched, "from launched to its end"]
    : [firstToLast(states), "from its first event to its last"];
  const title = `${type} in each state`;
  const placesTitle = "Where every task was";
  const timesTitle = `${type}: ${between}`;
  return [
    states.length ? spansInState(states, { title, subtitle }) : [],
    places.length ? spansInState(places, { title: placesTitle, subtitle }) : [],
    times.length ? twoEvents(times, { title: timesTitle, subtitle }) : [],
  ].flat();
}

/** From each launch to the next state that is not "running". */
function fromLaunch(states: readonly StateChange[]) {
  const rows = [];
  let launch: StateChange | undefined;
  for (const row of states) {
    if (row.root_id !== launch?.root_id) launch = undefined;
    if (row.state === "launched") launch = row;
    else if (launch && !/^running/.test(row.state)) {
      rows.push({ launched: launch.time, ended: row.time });
      launch = undefined;
    }
  }
  return rows;
}

const firstToLast = (states: readonly StateChange[]) =>
  [...Map.groupBy(states, ({ root_id }) => root_id).values()]
    .map((rows) => ({ first: rows[0]!.time, last: rows.at(-1)!.time }))
    .filter(({ first, last }) => last > first);
