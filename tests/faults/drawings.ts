// Over 300 lines: a drawing of hostile names for each chart.

import * as plots from "dnpc/plots";
import type { Chart } from "dnpc/plots";

/**
 * Draws a chart of spans with these names. Column names, titles and captions
 * contain `word`.
 */
export type Draw = (
  names: readonly string[],
  word: string,
) => Chart | Promise<Chart>;

const start = 1795344042;
const words = (word: string) => ({
  title: word,
  subtitle: word,
  ariaLabel: word,
  ariaDescription: word,
});

/** Two spans per name, two steps each. */
function spans(names: readonly string[], word: string) {
  const from = `from${word}`;
  const to = `to${word}`;
  const of = `of${word}`;
  return {
    from,
    to,
    of,
    rows: [...names, ...names].map((name, i) => ({
      [from]: start + i,
      [to]: start + i + 1 + i % 3,
      [of]: name,
    })),
  };
}

const durations =
  (draw: (rows: object[], options: object) => Chart): Draw => (names, word) => {
    const { rows, from, to, of } = spans(names, word);
    const apart = draw === plots.durationHeatmap as unknown
      ? { facet: of }
      : { series: of };
    return draw(rows, { ...words(word), start: from, end: to, ...apart });
  };

function steps(names: readonly string[], word: string) {
  const [span, time, step, run] = ["span", "time", "step", "run"]
    .map((name) => name + word) as [string, string, string, string];
  return {
    span,
    time,
    step,
    run,
    rows: names.flatMap((name, i) =>
      names.slice(0, i + 1).map((state, j) => ({
        [span]: `${i}${name}`,
        [time]: start + i + j,
        [step]: state,
        [run]: names[i % 2],
      }))
    ),
  };
}

const states =
  (draw: (rows: object[], options: object) => Chart): Draw => (names, word) => {
    const { rows, span, time, step, run } = steps(names, word);
    const isStates = draw === plots.spansInState as unknown;
    return draw(rows, {
      ...words(word),
      ...{ span, time, [isStates ? "state" : "step"]: step },
      ...(draw === plots.lifelines as unknown ? { series: run } : {}),
    });
  };

/** Drawing functions by the name of the helper. */
export const drawings: Record<string, Draw> = {
  plot: (names, word) =>
    plots.plot({
      ...words(word),
      caption: word,
      legend: names.map((label) => ({ label, color: "red" })),
      marks: [],
      panels: [{ heading: word, note: word, plots: [{ marks: [] }] }],
    }),
  twoEvents: (names, word) => {
    const { rows, from, to, of } = spans(names, word);
    return plots.twoEvents(rows, {
      ...words(word),
      start: from,
      end: to,
      series: of,
      from: word,
      to: word,
    });
  },
  durationHistogram: durations(plots.durationHistogram),
  durationsOverTime: durations(plots.durationsOverTime),
  cumulativeDistribution: durations(plots.cumulativeDistribution),
  durationQuantiles: durations(plots.durationQuantiles),
  durationHeatmap: durations(plots.durationHeatmap),
  durationBoxes: (names, word) => {
    const { rows, from, to, of } = spans(names, word);
    return plots.durationBoxes(rows, {
      ...words(word),
      start: from,
      end: to,
      by: of,
    });
  },
  stepDurations: states(plots.stepDurations),
  typicalSequence: states(plots.typicalSequence),
  spansInState: states(plots.spansInState),
  cumulativeFlow: states(plots.cumulativeFlow),
  lifelines: states(plots.lifelines),
  eventRate: (names, word) => {
    const { rows, from, of } = spans(names, word);
    return plots.eventRate(rows, { ...words(word), time: from, series: of });
  },
  metricSeries: (names, word) => {
    const { rows, from, to, of } = spans(names, word);
    return plots.metricSeries(rows, {
      ...words(word),
      time: from,
      value: to,
      series: of,
      metric: word,
      unit: word,
    });
  },
  runningSpans: durations(plots.runningSpans),
  busyWorkers: (names, word) =>
    plots.busyWorkers(
      names.map((name, i) => ({
        [`worker${word}`]: name,
        [`app${word}`]: name,
        block: name,
        manager: name,
        run: names[0],
        start: start + i,
        end: start + 50,
      })),
      { ...words(word), worker: `worker${word}`, state: `app${word}` },
    ),
  blocksOverTime: (names, word) =>
    plots.blocksOverTime(
      names.map((name, i) => ({
        [`block${word}`]: name,
        [`state${word}`]: i % 3 ? name : "scaling in",
        executor: name,
        job: name,
        ended_as: i % 2 ? name : "FAILED",
        blocks: name,
        run: names[0],
        start: start + i,
        end: start + 50,
      })),
      { ...words(word), block: `block${word}`, state: `state${word}` },
    ),
  taskStream: (names, word) =>
    plots.taskStream(
      names.map((name, i) => ({
        [`worker${word}`]: name,
        [`app${word}`]: name,
        [`outcome${word}`]: i % 2 ? name : "lost",
        app: name,
        task: name,
        manager: name,
        run: names[0],
        start: start + i,
        end: start + 50,
      })),
      {
        ...words(word),
        worker: `worker${word}`,
        colorBy: `app${word}`,
        outcome: `outcome${word}`,
      },
    ),
  throughputLimits: (names, word) => {
    const { rows, from, to } = spans(names, word);
    const amount = Object.fromEntries(names.map((name) => [name, () => 1]));
    return plots.throughputLimits(rows, {
      ...words(word),
      start: from,
      end: to,
      queues: amount,
      stages: amount,
    });
  },
  stepComparison: (names, word) => {
    const [step, run, mean] = [`step${word}`, `run${word}`, `mean${word}`];
    return plots.stepComparison(
      names.flatMap((name, i) =>
        names.map((other) => ({ [step]: name, [run]: other, [mean]: i + 1 }))
      ),
      { ...words(word), step, run, mean },
    );
  },
  waterfall: (names, word) => {
    const [span, time, step] = [`span${word}`, `time${word}`, `step${word}`];
    return plots.waterfall(
      names.flatMap((name, i) =>
        names.map((other, j) => ({
          [span]: name,
          [time]: start + i + j,
          [step]: other,
        }))
      ),
      { ...words(word), span, time, step },
    );
  },
  workerTimeBars: (names, word) => {
    const [group, part, amount] = [`of${word}`, `part${word}`, `sum${word}`];
    return plots.workerTimeBars(
      names.flatMap((name, i) =>
        names.map((other) => ({
          [group]: name,
          [part]: other,
          [amount]: i + 1,
        }))
      ),
      { ...words(word), groups: [group], part, amount, unit: word },
    );
  },
  utilisationOverTime: (names, word) => {
    const { rows, from, to, of } = spans(names, word);
    return plots.utilisationOverTime(rows, {
      ...words(word),
      start: from,
      end: to,
      use: of,
      slots: () => 1,
    });
  },
  coverageMatrix: (names, word) => {
    const [run, step, share] = [`run${word}`, `step${word}`, `share${word}`];
    return plots.coverageMatrix(
      names.flatMap((a) =>
        names.map((b, i) => ({ [run]: a, [step]: b, [share]: i % 3 / 2 }))
      ),
      { ...words(word), run, step, share },
    );
  },
  timeline: (names, word) => {
    const { rows, from, to, of } = spans(names, word);
    return plots.timeline(
      rows.map((row) => ({ ...row, line: row[of] })),
      {
        ...words(word),
        line: "line",
        start: from,
        end: to,
        phase: of,
        of: word,
      } as object,
    );
  },
  spanTypeGraph: (names, word) =>
    plots.spanTypeGraph(
      names.map((name, i) => [name, i % 2 ? "holds" : "equals", names[0]!, i]),
      { ...words(word), types: names.map((name) => [name, 3]) },
    ),
  dependencyGraph: (names, word) =>
    plots.dependencyGraph({
      nodes: names.map((name) => ({ task: name, app: name, state: name })),
      edges: names.slice(1).map((name) => ({
        from: names[0],
        to: name,
        kind: name,
      })),
    }, words(word)),
};

/** The same charts, faceted. */
export const inFacets: Record<string, Draw> = {
  twoEvents: (names, word) => {
    const { rows, from, to, of } = spans(names, word);
    return plots.twoEvents(rows, { start: from, end: to, facet: of });
  },
  spansInState: (names, word) => {
    const { rows, span, time, step, run } = steps(names, word);
    return plots.spansInState(rows, { span, time, state: step, facet: run });
  },
};

/** The exported functions that return a chart of nothing. */
export async function chartsOfModule(): Promise<string[]> {
  const names = new Set<string>();
  for (const [name, value] of Object.entries(plots)) {
    if (typeof value !== "function") continue;
    for (const rows of [[], { nodes: [], edges: [] }, { marks: [] }]) {
      try {
        const made = await (value as (rows: unknown) => unknown)(rows);
        if (typeof (made as Chart)?.svg === "string") names.add(name);
      } catch {
        // It does not accept rows.
      }
    }
  }
  return [...names].sort();
}
