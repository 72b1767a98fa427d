// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { measureOf } from "../axes/measure.ts";
import {
  type Channel,
  columnNamesOf,
  numbersIn,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { numberOf } from "../rows/row_order.ts";
import { foldNames, isOther } from "../rows/series.ts";
import { nameGroups } from "../rows/group_names.ts";

/** Columns with the parts of an amount, group by group. */
export interface WorkerTimeChannels {
  /**
   * Columns that name the group of a row, from the outside in. By default all
   * columns before that of the parts.
   */
  groups?: readonly string[] | undefined;
  /** The use of the amount. The column "use", or the second. */
  part?: Channel | undefined;
  /** A number. The column "seconds", or the third. */
  amount?: Channel | undefined;
  /**
   * Unit of the amounts: "s" and "bytes" are scaled to a readable multiple. By
   * default the unit in the name of their column.
   */
  unit?: string | undefined;
}

/** Amounts by group and part. */
export interface Amounts {
  /** The names of each group, one per column. */
  groups: string[][];
  /** Columns of the groups. */
  columns: string[];
  parts: string[];
  /** For each group, an amount for each part. */
  amounts: number[][];
  partName: string | undefined;
  amountName: string | undefined;
  unit: string | undefined;
  /** Number of rows that are left out. */
  withoutAmount: number;
  negative: number;
}

export function readParts(
  rows: Rows,
  { groups, part, amount, unit }: WorkerTimeChannels,
): Amounts {
  const named = columnNamesOf(rows);
  const at = typeof part === "number"
    ? part
    : named.names.indexOf(typeof part === "string" ? part : "use");
  const before = at < 0 ? Math.min(1, named.width) : at;
  const columns = groups ??
    (named.names.length
      ? named.names.slice(0, before)
      : Array(before).keys().toArray());
  const read = readChannels<string>(named.rows, {
    part: part ?? ["use", 1],
    amount: amount ?? ["seconds", 2],
    ...Object.fromEntries(columns.map((name) => [`group ${name}`, name])),
  });
  const amounts = numbersIn("amount", read.amount!);
  const values = columns.map((name) => read[`group ${name}`]!.values);
  const numbers = new Map<string, number>();
  const parts = new Map<string, number>();
  const found: Pick<Amounts, "groups" | "amounts"> = {
    groups: [],
    amounts: [],
  };
  const left = { withoutAmount: 0, negative: 0 };
  for (let row = 0; row < read.length; row++) {
    const value = amounts[row]!;
    if (!(value >= 0)) {
      left[value < 0 ? "negative" : "withoutAmount"]++;
      continue;
    }
    const names = values.map((column) => String(column[row] ?? ""));
    const group = numberOf(JSON.stringify(names), numbers);
    found.groups[group] ??= names;
    const own = found.amounts[group] ??= [];
    const p = numberOf(String(read.part!.values[row] ?? "(none)"), parts);
    own[p] = (own[p] ?? 0) + value;
  }
  const amountName = read.amount!.name;
  return {
    ...found,
    ...left,
    columns: columns.map((name) => typeof name === "string" ? name : "group"),
    parts: [...parts.keys()],
    partName: read.part!.name,
    amountName,
    unit: amountName === "seconds"
      ? unit ?? "s"
      : measureOf(amountName ?? "", unit).unit,
  };
}

interface Bar {
  /** Beside the bar. */
  name: string;
  /** In tips. */
  title: string;
  /** An amount for each part. */
  amounts: readonly number[];
}

export const totalOf = ({ amounts }: Pick<Bar, "amounts">): number =>
  sum(amounts);

/** The bars from the top, the smallest groups in one. */
export function layOutBars(given: Amounts, maxBars: number) {
  const { columns } = given;
  const totals = given.amounts.map((amounts) => sum(amounts));
  const partSums = given.parts.map((_, p) =>
    sum(given.amounts, (own) => own[p])
  );
  const parts = foldNames(given.parts, partSums);
  const kept = foldNames(
    given.groups.map((_, g) => String(g)),
    totals,
    maxBars,
  );
  const { names, titles, label, noun } = nameGroups(given.groups, columns);
  const bars = kept.names.map((name): Bar => {
    const group = isOther(name) ? undefined : Number(name);
    return {
      name: group === undefined ? name : names[group]!,
      title: group === undefined ? name : titles[group]!,
      amounts: [],
    };
  });
  const amounts = bars.map(() => parts.names.map(() => 0));
  given.amounts.forEach((own, g) =>
    own.forEach((amount, p) => {
      amounts[kept.places[g]!]![parts.places[p]!]! += amount;
    })
  );
  return {
    ...given,
    parts: parts.names,
    bars: bars.map((bar, b) => ({ ...bar, amounts: amounts[b]! })),
    label,
    noun,
    folded: kept.folded,
  };
}

export type BarsLayout = ReturnType<typeof layOutBars>;
