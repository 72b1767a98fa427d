/** What is drawn: the same rows by a helper, and by matplotlib. */
export interface BenchmarkFigure {
  /** The name of the helper of dnpc/plots. */
  helper: string;
  /** The rows, as many as the parameter says. */
  sql: string;
  /** The most rows that both are asked to draw. */
  mostRows: number;
  /** Whether bench/python/draw.py draws it as well. */
  inPython: boolean;
}

const durations = "SELECT launched, running FROM try LIMIT ?";
const changes = "SELECT span, time, state FROM change LIMIT ?";

/** The figures by the names that both programs know them by. */
export const figures = {
  histogram: {
    helper: "durationHistogram",
    sql: durations,
    mostRows: 1e7,
    inPython: true,
  },
  scatter: {
    helper: "durationsOverTime",
    sql: durations,
    mostRows: 1e6,
    inPython: true,
  },
  density: {
    helper: "durationDensity",
    sql: durations,
    mostRows: 1e6,
    inPython: false,
  },
  states: {
    helper: "spansInState",
    sql: changes,
    mostRows: 1e6,
    inPython: true,
  },
  // Of 32 workers: which, from when, until when.
  timeline: {
    helper: "timeline",
    sql: "SELECT worker, running, ended FROM try LIMIT ?",
    mostRows: 1e5,
    inPython: true,
  },
} satisfies Record<string, BenchmarkFigure>;

/** The name of a figure. */
export type FigureName = keyof typeof figures;
