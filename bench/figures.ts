/** A chart to measure: the same rows drawn by a helper and by matplotlib. */
export interface BenchmarkFigure {
  /** The name of the helper of dnpc/plots. */
  helper: string;
  /** Description of the rows, if it matters. */
  of?: string;
  /** SQL for this many rows. */
  sql: string;
  /** For a graph: SQL for its edges, for this many rows. */
  edges?: string;
  /** Maximum number of rows. A million by default. */
  maxRows?: number;
  /** Function of bench/python/draw.py that draws the same, if any. */
  python?: string;
}

const durations = "SELECT launched, running FROM try LIMIT ?";
const changes = "SELECT span, time, state FROM change LIMIT ?";

/** The figures, by the names that the programs use. */
export const figures: Readonly<Record<string, BenchmarkFigure>> = {
  histogram: {
    helper: "durationHistogram",
    sql: durations,
    python: "histogram",
  },
  scatter: { helper: "durationsOverTime", sql: durations, python: "scatter" },
  distribution: {
    helper: "cumulativeDistribution",
    sql: durations,
    python: "distribution",
  },
  heatmap: { helper: "durationHeatmap", sql: durations, python: "heatmap" },
  states: {
    helper: "spansInState",
    sql: changes,
    python: "states",
  },
  concurrency: {
    helper: "runningSpans",
    sql: "SELECT running, ended FROM try LIMIT ?",
    python: "concurrency",
  },
  "timeline of tasks": {
    helper: "timeline",
    of: "26,000 lines",
    sql: "SELECT rowid % 26000 AS task, running AS start, ended AS 'end', " +
      "app AS phase FROM try LIMIT ?",
  },
  "workers of blocks": {
    helper: "busyWorkers",
    of: "4,800 workers",
    sql: "SELECT * FROM activity LIMIT ?",
  },
  lifelines: { helper: "lifelines", sql: changes },
  "step durations": { helper: "stepDurations", sql: changes },
  // Chains of 100 tasks of five apps, with some random dependencies.
  tasks: {
    helper: "dependencyGraph",
    of: "in chains",
    sql: "SELECT rowid AS task, 'app ' || rowid % 100 / 20 AS app, " +
      "'exec_done' AS state FROM try LIMIT ?",
    edges: "SELECT rowid - 1 AS 'from', rowid AS 'to' FROM try " +
      "WHERE rowid % 100 > 0 LIMIT ?",
    maxRows: 1e5,
  },
};
