import { withNoun } from "../display/text/rows.ts";
import { type Chart, spansInState, twoEvents } from "../plots/mod.ts";
import { statesOverTime, whereIsEveryTask } from "../questions/mod.ts";
import { type Database, type Sql, sql, withRoom } from "../sql/mod.ts";
import { idsQuery, type Spans } from "./spans.ts";

/** A change of state. */
interface StateChange {
  root_id: number;
  time: number;
  state: string;
}

/** Changes of state of spans on the page, column by column. */
class StateChanges implements Iterable<StateChange> {
  constructor(
    readonly spans: Spans,
    /** The index of each root among the spans. */
    readonly roots: Int32Array,
    readonly times: Float64Array,
    /** As numbers of texts. */
    readonly states: Int32Array,
  ) {}

  get length(): number {
    return this.roots.length;
  }

  /** Those of the roots of a run. */
  ofRun(run: string): StateChanges {
    const { spans, roots } = this;
    const key = spans.texts.number(run);
    const isOfRun = (_: number, i: number) =>
      spans.identity.run[roots[i]!] === key;
    return new StateChanges(
      spans,
      roots.filter(isOfRun),
      this.times.filter(isOfRun),
      this.states.filter(isOfRun),
    );
  }

  // As a table of columns, charts read them without an object for each.
  columnNames(): string[] {
    return ["root_id", "time", "state"];
  }

  numRows(): number {
    return this.length;
  }

  array(name: string): ArrayLike<unknown> {
    if (name === "time") return this.times;
    // A chart only compares them: indexes do as well as ids.
    if (name === "root_id") return this.roots;
    const { texts } = this.spans;
    return Array.from(this.states, (state) => texts.text(state));
  }

  *[Symbol.iterator](): Generator<StateChange> {
    const { texts, ids } = this.spans;
    for (let i = 0; i < this.length; i++) {
      yield {
        root_id: ids[this.roots[i]!]!,
        time: this.times[i]!,
        state: texts.text(this.states[i]!),
      };
    }
  }
}

function readChanges(
  db: Database,
  spans: Spans,
  query: Sql | undefined,
): StateChanges {
  // Room for all: arrays that grow leave behind memory of each of their sizes,
  // and what is not used takes none.
  const [{ events }] = db.query<{ events: number }>(
    "SELECT count(*) AS events FROM event_row",
  ) as [{ events: number }];
  let [roots, times, states] = [
    new Int32Array(events),
    new Float64Array(events),
    new Int32Array(events),
  ];
  let length = 0;
  const rows = query ? db.iterate<StateChange>(query) : [];
  for (const { root_id, time, state } of rows) {
    const root = spans.indexOf(root_id);
    if (root < 0) continue;
    roots = withRoom(roots, length + 1);
    times = withRoom(times, length + 1);
    states = withRoom(states, length + 1);
    roots[length] = root;
    times[length] = time;
    states[length++] = spans.texts.number(state);
  }
  return new StateChanges(
    spans,
    roots.subarray(0, length),
    times.subarray(0, length),
    states.subarray(0, length),
  );
}

/** The type whose states are shown: tries, or the one with most events. */
export function mainType(db: Database, spans: Spans): string | undefined {
  const rows = db.query<{ type: string }>(sql`
    SELECT span.type FROM event JOIN span ON span.id = span_id
      LEFT JOIN span_kind ON span_kind.type = span.type AND role = 'try'
    WHERE named = 1 AND time IS NOT NULL
      ${spans.isPart ? sql`AND span.id IN (${idsQuery(spans.ids)})` : sql``}
    GROUP BY span.type
    ORDER BY preference IS NULL, preference, count(*) DESC LIMIT 1`);
  return rows[0]?.type;
}

// More runs share their charts.
const maxRuns = 6;

/**
 * The charts of the page, run by run: where every task was. The views of attempts
 * show the rest, but not what ran without tasks: of that, its states and lengths.
 */
export function chartsOf(
  db: Database,
  spans: Spans,
  runs: readonly { run: string; name: string }[],
  type: string,
): Chart[] {
  const places = readChanges(db, spans, whereIsEveryTask());
  const hasPlaces = places.length > 0;
  const changes = hasPlaces
    ? places
    : readChanges(db, spans, statesOverTime(type));
  const draw = hasPlaces
    ? placesChart
    : (own: StateChanges, subtitle?: string) =>
      stateCharts(type, own, subtitle);
  return runs.length < 2 || runs.length > maxRuns
    ? draw(changes)
    : runs.flatMap(({ run, name }) => draw(changes.ofRun(run), name));
}

const placesChart = (places: StateChanges, subtitle?: string): Chart[] =>
  places.length === 0 ? [] : [
    spansInState(withNoun(places, "task"), {
      title: "Where every task was",
      subtitle,
    }),
  ];

function stateCharts(
  type: string,
  states: StateChanges,
  subtitle: string | undefined,
): Chart[] {
  if (states.length === 0) return [];
  const { noun } = statesOverTime(type);
  const lengths = [...firstToLast(states)];
  return [
    spansInState(withNoun(states, noun), {
      title: noun === undefined ? `${type} in each state` : undefined,
      subtitle,
    }),
    ...lengths.length === 0 ? [] : [
      twoEvents(withNoun(lengths, noun), {
        title: `${type}: from its first event to its last`,
        subtitle,
      }),
    ],
  ];
}

function* firstToLast({ roots, times }: StateChanges) {
  for (let from = 0, i = 1; i <= roots.length; i++) {
    if (roots[i] === roots[from]) continue;
    const [first, last] = [times[from]!, times[i - 1]!];
    if (last > first) yield { first, last };
    from = i;
  }
}
