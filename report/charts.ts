import { whereIsEveryTask } from "../questions/mod.ts";
import { type Chart, spansInState, twoEvents } from "../plots/mod.ts";
import type { Database } from "../sql/mod.ts";
import type { Spans } from "./spans.ts";
import { ofSpans, type StateRow } from "./states.ts";

/** What the charts are drawn of. */
export interface ChartsOf {
  db: Database;
  spans: Spans;
  /** The type of the spans that have the states. */
  type: string | undefined;
  states: readonly StateRow[];
  /** The runs by what they are known by, and what people call them. */
  runs: readonly { run: string; name: string }[];
}

// Of more runs, all are drawn together.
const mostRuns = 6;

/** The charts of the page, run by run, those that have something to show. */
export function chartsOf({ db, spans, type, states, runs }: ChartsOf): Chart[] {
  if (type === undefined) return [];
  const places = ofSpans(spans, db.query<StateRow>(whereIsEveryTask()));
  if (runs.length < 2 || runs.length > mostRuns) {
    return draw({ type, states, places });
  }
  const runOf = ({ root_id }: StateRow) =>
    spans.all[spans.indexOf.get(root_id)!]!.identity.run;
  const statesOf = Map.groupBy(states, runOf);
  const placesOf = Map.groupBy(places, runOf);
  return runs.flatMap(({ run, name }) =>
    draw({
      type,
      states: statesOf.get(run) ?? [],
      places: placesOf.get(run) ?? [],
      subtitle: name,
    })
  );
}

interface Drawn {
  type: string;
  states: readonly StateRow[];
  places: readonly StateRow[];
  subtitle?: string;
}

function draw({ type, states, places, subtitle }: Drawn): Chart[] {
  const charts: Chart[] = [];
  if (states.length > 0) {
    const title = `${type} in each state`;
    charts.push(spansInState(states, { title, subtitle }));
  }
  if (places.length > 0) {
    const title = "Where every task was";
    charts.push(spansInState(places, { title, subtitle }));
  }
  const launched = launches(states);
  if (launched.length > 0) {
    const title = `${type}: from launched to its end`;
    charts.push(
      twoEvents(launched, {
        ...{ start: "launched", end: "ended", title, subtitle },
      }),
    );
    return charts;
  }
  const whole = firstToLast(states);
  if (whole.length > 0) {
    const title = `${type}: from its first event to its last`;
    charts.push(
      twoEvents(whole, { start: "first", end: "last", title, subtitle }),
    );
  }
  return charts;
}

/** From the launch to what comes then that is no running. */
function launches(
  states: readonly StateRow[],
): { launched: number; ended: number }[] {
  const rows = [];
  let launch: StateRow | undefined;
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

function firstToLast(
  states: readonly StateRow[],
): { first: number; last: number }[] {
  const byRoot = new Map<number, { first: number; last: number }>();
  for (const { root_id, time } of states) {
    const times = byRoot.get(root_id);
    if (times) times.last = time;
    else byRoot.set(root_id, { first: time, last: time });
  }
  return [...byRoot.values()].filter(({ first, last }) => last > first);
}
