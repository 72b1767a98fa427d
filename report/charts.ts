import { whereIsEveryTask } from "../importers/mod.ts";
import { type Chart, spansInState, twoEvents } from "../plots/mod.ts";
import type { Database } from "../sql/mod.ts";
import type { StateRow } from "./states.ts";

/** The charts of the page, those that have something to show. */
export function chartsOf(
  db: Database,
  type: string | undefined,
  states: readonly StateRow[],
): Chart[] {
  if (type === undefined || states.length === 0) return [];
  const charts = [spansInState(states, { title: `${type} in each state` })];
  const places = db.query<StateRow>(whereIsEveryTask());
  if (places.length > 0) {
    charts.push(spansInState(places, { title: "Where every task was" }));
  }
  const launched = launches(states);
  const title = launched.length > 0
    ? `${type}: from launched to its end`
    : `${type}: from its first event to its last`;
  const rows = launched.length > 0 ? launched : firstToLast(states);
  if (rows.length > 0) {
    charts.push(
      twoEvents(rows, { start: "launched", end: "ended", title }),
    );
  }
  return charts;
}

interface Times {
  launched: number;
  ended: number;
}

/** From the launch to what comes then that is no running. */
function launches(states: readonly StateRow[]): Times[] {
  const rows: Times[] = [];
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

function firstToLast(states: readonly StateRow[]): Times[] {
  const byRoot = new Map<number, Times>();
  for (const { root_id, time } of states) {
    const times = byRoot.get(root_id);
    if (times) times.ended = time;
    else byRoot.set(root_id, { launched: time, ended: time });
  }
  return [...byRoot.values()].filter(({ launched, ended }) => ended > launched);
}
