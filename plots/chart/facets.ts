// @ts-types="npm:@types/d3-array@3.2.2"
import { extent, max } from "d3-array";
import {
  type Channel,
  columnNamesOf,
  type ColumnTable,
  firstName,
  isColumnTable,
  isIterable,
  nounOf,
  readChannels,
  type Rows,
  takeColumn,
  takeNoun,
  UnusableRows,
} from "../rows/channels.ts";
import { areApart, largest, shortNames } from "../rows/series.ts";

/** The two ends of an axis. */
export type Domain = [number, number];

/** Ends of the axes of one facet. An axis without is not shared. */
export interface Extent {
  x?: Domain | undefined;
  y?: Domain | undefined;
  /** Whether `x` is time, which each facet may count from its own start. */
  isTime?: boolean | undefined;
}

/**
 * Splits rows by the value of one channel, in the order in which the values
 * come. Keeps the `max` facets with the most rows; `left` counts the others.
 */
export function splitRows(
  rows: Rows,
  channel: Channel,
  max: number,
): { parts: { name: string; rows: Rows }[]; left: number } {
  const isTable = isColumnTable(rows);
  const held = heldRows(rows);
  const { facet } = readChannels(held, { facet: channel });
  const all = [...Map.groupBy(
    facet.values.keys(),
    (i) => String(facet.values[i] ?? "(none)"),
  )];
  if (channel === "run") sortByStart(held, all);
  const kept = largest(all.map(([, { length }]) => length), max);
  const rowsAt = isTable
    ? (indexes: number[]) => tableOf(rows, indexes)
    : (indexes: number[]) => indexes.map((i) => (held as object[])[i]!);
  const part = (indexes: number[]): Rows => {
    const own = takeNoun<Rows>(rowsAt(indexes), rows);
    return facet.name === undefined ? own : takeColumn(own, facet.name);
  };
  return {
    parts: kept.map((i) => ({ name: all[i]![0], rows: part(all[i]![1]) })),
    left: all.length - kept.length,
  };
}

/** The rows in memory: an iterator such as db.iterate(...) can be read only once. */
export const heldRows = (rows: Rows): Rows =>
  isColumnTable(rows) || Array.isArray(rows)
    ? rows
    : takeNoun<Rows>([...rows], rows);

/** The names of facets; runs are called "run 000", by the ends of their paths. */
export function headingsOf(
  names: string[],
  facet: Channel | undefined,
): string[] {
  if (facet !== "run") return names;
  return shortNames(names)
    .map((name) => /^run/i.test(name) ? name : `run ${name}`);
}

/** Sorts runs by the first time of their rows, if these have any. */
function sortByStart(rows: Rows, runs: [string, number[]][]): void {
  const { names } = columnNamesOf(rows);
  const column = firstName({ names }, "time", "start");
  if (column === undefined) return;
  const { time } = readChannels(rows, { time: column }, ["time"]);
  const starts = new Map(runs.map(([name, places]) => {
    let start = Infinity;
    for (const i of places) {
      if (time.values[i]! < start) start = time.values[i]!;
    }
    return [name, start];
  }));
  runs.sort(([a], [b]) => starts.get(a)! - starts.get(b)! || 0);
}

function tableOf(table: ColumnTable, indexes: readonly number[]): ColumnTable {
  return {
    columnNames: () => table.columnNames(),
    numRows: () => indexes.length,
    array(name) {
      const values = table.array(name);
      return indexes.map((i) => values[i]);
    },
  };
}

/** Options that say what becomes of the runs of rows. */
interface RunOptions {
  readonly facet?: Channel | null | undefined;
  readonly series?: Channel | undefined;
}

/**
 * The rows, and the channel of their facets: by default "run", if there are
 * several runs. A column "run" of a single run is no value to draw.
 */
export function facetsOf(
  given: Rows,
  options: RunOptions,
  ownsRuns: (names: readonly string[]) => boolean = () => false,
): { rows: Rows; facet: Channel | undefined } {
  const { facet } = options;
  if (facet !== undefined) return { rows: given, facet: facet ?? undefined };
  const { rows, runs } = runsIn(given, options, ownsRuns);
  if (runs > 0) takeColumn(rows, "run");
  return { rows, facet: runs > 1 ? "run" : undefined };
}

/**
 * The rows, and the options with each run as a series, if there are several runs,
 * and nothing else is asked for.
 */
export function withSeriesOfRuns<Options extends RunOptions>(
  given: Rows,
  options: Options,
): { rows: Rows; options: Options } {
  if (options.facet !== undefined || options.series !== undefined) {
    return { rows: given, options };
  }
  const { rows, runs } = runsIn(given, options);
  return {
    rows,
    options: runs > 1 ? { ...options, series: "run" } : options,
  };
}

/**
 * The number of runs in rows whose column "run" no option names; 0 if the rows are
 * runs themselves.
 */
function runsIn(
  given: Rows,
  options: object,
  ownsRuns: (names: readonly string[]) => boolean = () => false,
): { rows: Rows; runs: number } {
  if (!isColumnTable(given) && !isIterable(given)) {
    return { rows: given, runs: 0 };
  }
  const { rows, names } = peekNames(given);
  const isFree = names.includes("run") &&
    !Object.values<unknown>({ ...options }).includes("run") && !ownsRuns(names);
  if (!isFree || nounOf(given) === "run") return { rows, runs: 0 };
  const held = columnNamesOf(rows).rows;
  const { run } = readChannels(held, { run: "run" });
  return { rows: held, runs: new Set(run.values).size };
}

/** The names of the columns; an iterator is not read any further. */
function peekNames(rows: Rows): { rows: Rows; names: string[] } {
  if (isColumnTable(rows) || Array.isArray(rows)) return columnNamesOf(rows);
  const all = rows[Symbol.iterator]();
  const { done, value: first } = all.next();
  if (done) return { rows: [], names: [] };
  const { names } = columnNamesOf([first]);
  return { rows: takeNoun(startWith(first, all), rows), names };
}

function* startWith(first: object, rest: Iterator<object>) {
  yield first;
  for (let next = rest.next(); !next.done; next = rest.next()) yield next.value;
}

/**
 * Reads the rows of each facet. A facet of which no value can be drawn is left
 * out, unless all are such.
 */
export function usableParts<Columns>(
  parts: readonly { name: string; rows: Rows }[],
  read: (rows: Rows) => Columns,
) {
  let refused: UnusableRows | undefined;
  const usable = parts.flatMap(({ name, rows }) => {
    try {
      return [{ name, columns: read(rows) }];
    } catch (error) {
      if (!(error instanceof UnusableRows)) throw error;
      refused = error;
      return [];
    }
  });
  if (refused && usable.length === 0) throw refused;
  return { parts: usable, unusable: parts.length - usable.length };
}

/** The axes of each facet: one domain for all, or one length of time. */
export function sharedAxes(
  extents: readonly Extent[],
  alignStart: boolean | undefined,
): Extent[] {
  const y = union(extents.map(({ y }) => y));
  const xs = extents.map(({ x }) => x);
  const isTime = extents.some(({ isTime }) => isTime);
  if (isTime && (alignStart ?? areApart(xs.filter((x) => x !== undefined)))) {
    const longest = max(xs, (x) => x ? x[1] - x[0] : 0) ?? 0;
    return xs.map((x) => ({ x: x && [x[0], x[0] + longest], y }));
  }
  const x = union(xs);
  return extents.map(() => ({ x, y }));
}

/** The least domain that covers all of them. */
export function union(
  domains: readonly (Domain | undefined)[],
): Domain | undefined {
  const [low, high] = extent(domains.flatMap((domain) => domain ?? []));
  return low === undefined ? undefined : [low, high];
}
