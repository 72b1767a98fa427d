// @ts-types="npm:@types/d3-array@3.2.2"
import { extent, max } from "d3-array";
import {
  type Channel,
  type ColumnTable,
  isColumnTable,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { areApart, largest } from "../rows/series.ts";

/** The two ends of an axis. */
export type Domain = [number, number];

/** Ends of the axes of one facet. An axis without is not shared. */
export interface Extent {
  x?: Domain | undefined;
  y?: Domain | undefined;
  /** Whether `x` is time, which each facet may count from its own start. */
  isTime?: boolean | undefined;
}

/** Maximum number of facets; those with the fewest rows are not drawn. */
export const maxFacets = 12;

/**
 * Splits rows by the value of one channel, in the order in which the values
 * come. `left` counts the facets that are not drawn.
 */
export function splitRows(
  rows: Rows,
  channel: Channel,
): { parts: { name: string; rows: Rows }[]; left: number } {
  const isTable = isColumnTable(rows);
  // An iterator such as db.iterate(...) can be read only once.
  const held = isTable || Array.isArray(rows) ? rows : [...rows];
  const { facet } = readChannels(held, { facet: channel });
  const all = [...Map.groupBy(
    facet.values.keys(),
    (i) => String(facet.values[i] ?? "(none)"),
  )];
  const kept = largest(all.map(([, { length }]) => length), maxFacets);
  const part = isTable
    ? (indexes: number[]) => tableOf(rows, indexes)
    : (indexes: number[]) => indexes.map((i) => (held as object[])[i]!);
  return {
    parts: kept.map((i) => ({ name: all[i]![0], rows: part(all[i]![1]) })),
    left: all.length - kept.length,
  };
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
