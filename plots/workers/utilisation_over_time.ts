// @ts-types="npm:@types/d3-array@3.2.2"
import { sort, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { countAxis, shareAxis, thicknessAxis } from "../axes/number_axes.ts";
import { formatDuration, formatMean, formatShare } from "../axes/units.ts";
import { named, notes, rowsWithoutTime } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  columnOptionNames,
  type ColumnOptions,
  seriesChart,
  seriesOptionNames,
  type SeriesOptions,
  type SeriesSteps,
  seriesSteps,
  stepLines,
} from "../counts/series.ts";
import { style } from "../drawing/style.ts";
import {
  type Channel,
  numbersIn,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { numberOf } from "../rows/row_order.ts";
import { foldNames, isOther } from "../rows/series.ts";
import { Changes, sweep } from "../rows/sweep.ts";
import { useColors, workingUses } from "./worker_colors.ts";

/** Options of {@linkcode utilisationOverTime}. */
export interface UtilisationOverTimeOptions
  extends ColumnOptions, SeriesOptions {
  /** What the slots were used for. By default the column "use". */
  use?: Channel | undefined;
  /** Start of the time, in seconds. By default the column "start". */
  start?: Channel | undefined;
  /** Its end. By default the column "end". */
  end?: Channel | undefined;
  /** Mean number of slots with this use in that time. By default "slots". */
  slots?: Channel | undefined;
}

/**
 * Draws how many slots of workers there were over time, and what they were used
 * for: those with a task below, in the colours of its outcome, and above them
 * those without one, in pale colours, by the cause. The line on top is the
 * capacity: all slots that were paid for.
 *
 * Takes one row per use and bin of time, as from `workerUseOverTime(db)`: the use,
 * the start and end of the bin in seconds, and the mean number of slots. Several
 * runs are drawn below each other. `stack: "shares"` draws shares of the slots.
 *
 * @example
 * ```ts
 * import { utilisationOverTime } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = utilisationOverTime([
 *   { use: "useful", start: 0, end: 10, slots: 3 },
 *   { use: "nothing queued", start: 0, end: 10, slots: 1 },
 *   { use: "useful", start: 10, end: 20, slots: 4 },
 * ]);
 * assert.match(chart.caption, /^At most 4 slots, 80 s in total: 88\s?% with a task/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function utilisationOverTime(
  rows: Rows,
  options: UtilisationOverTimeOptions = {},
): Chart {
  checkOptions("utilisationOverTime", options, {
    use: true,
    start: true,
    end: true,
    slots: true,
    ...columnOptionNames,
    ...seriesOptionNames,
  });
  return seriesChart(rows, options, {
    height: 300,
    // A run of a few slots is seen beside one of thousands.
    ownsHeight: true,
    title: "How busy were the workers, and why were they idle?",
    read: (rows) => readUses(rows, options),
    count: (all, columnsFor) =>
      all.map((uses) => countSlots(uses, columnsFor(uses.names.length + 1))),
    caption: (data) => [
      data.seconds > 0 && captionOf(data),
      ...notes([data.withoutSlots, "row", "without a number left out"]),
      ...rowsWithoutTime(data.withoutTime),
    ],
    y([low, high], pixels, stack) {
      const label = "slots of workers";
      if (stack === "shares") {
        return shareAxis([low, high], {
          pixels,
          label: `share of the ${label}`,
        });
      }
      return stack === "streamgraph"
        ? thicknessAxis(high - low, { pixels, label })
        : countAxis(high, { pixels, label });
    },
    colors: useColors,
    marksOver: ({ capacity }, stack, clip) =>
      stack === "counts"
        ? [stepLines(capacity, 1.25, { clip, color: style.mutedInk })]
        : [],
    legendOver: options.stack === undefined || options.stack === "counts"
      ? [{ label: "capacity", color: style.mutedInk, shape: "line" }]
      : [],
    empty: "No slot for any time",
  });
}

/** Reads the uses, in the order in which they lie on each other. */
function readUses(rows: Rows, options: UtilisationOverTimeOptions) {
  const { use, start, end, slots } = options;
  const read = readChannels(rows, {
    use: use ?? ["use", 0],
    start: start ?? ["start", 1],
    end: end ?? ["end", 2],
    slots: slots ?? ["slots", 3],
  }, ["start", "end"]);
  const amounts = numbersIn("slots", read.slots);
  const numbers = new Map<string, number>();
  const changes = new Changes(2 * read.length);
  const seconds: number[] = [];
  const left = { withoutTime: 0, withoutSlots: 0 };
  for (let row = 0; row < read.length; row++) {
    const [from, to] = [read.start.values[row]!, read.end.values[row]!];
    const amount = amounts[row]!;
    if (!(from <= to)) left.withoutTime++;
    // Nobody has more; their seconds would be infinite.
    else if (!(amount >= 0 && amount <= 1e15)) left.withoutSlots++;
    else {
      const number = numberOf(
        String(read.use.values[row] ?? "(none)"),
        numbers,
      );
      seconds[number] = (seconds[number] ?? 0) + amount * (to - from);
      changes.add(from, number, amount);
      changes.add(to, number, -amount);
    }
  }
  const { names, places } = foldNames([...numbers.keys()], seconds);
  const uses = names.map((name) => ({ name, seconds: 0 }));
  seconds.forEach((own, use) => uses[places[use]!]!.seconds += own);
  changes.series.forEach((use, i) => changes.series[i] = places[use]!);
  return { ...left, names, uses, changes };
}

interface SlotSteps extends SeriesSteps {
  /** All slots over time. */
  capacity: SeriesSteps["steps"];
  /** Seconds of each use, the longest first. */
  uses: { name: string; seconds: number }[];
  /** Seconds of all slots. */
  seconds: number;
  withoutTime: number;
  withoutSlots: number;
}

function countSlots(
  { names, uses, changes, ...left }: ReturnType<typeof readUses>,
  columns: number,
): SlotSteps {
  const swept = sweep(changes, names.length, columns);
  const known = [...useColors.keys()];
  const rank = (name: string) =>
    isOther(name) || !useColors.has(name) ? known.length : known.indexOf(name);
  const order = sort(names.keys(), (n) => rank(names[n]!));
  return {
    ...seriesSteps(
      { ...swept, series: order.map((n) => swept.series[n]!) },
      order.map((n) => names[n]!),
    ),
    // The bins of the rows are means, too: nothing is known of their maxima.
    peaks: [],
    capacity: seriesSteps({ ...swept, series: [swept.total] }, [""]).steps,
    uses: uses.toSorted((a, b) => b.seconds - a.seconds),
    seconds: sum(uses, ({ seconds }) => seconds),
    ...left,
  };
}

function captionOf({ uses, seconds, peak }: SlotSteps): string {
  const isWork = ({ name }: { name: string }) => workingUses.has(name);
  const share = (own: readonly { seconds: number }[]) =>
    formatShare(sum(own, ({ seconds }) => seconds) / seconds);
  const list = (own: SlotSteps["uses"]) =>
    own.filter((one) => one.seconds > 0).slice(0, 5)
      .map((one) => `${named(one.name)} ${share([one])}`).join(", ");
  const total = `At most ${formatMean(peak)} ` +
    `${peak === 1 ? "slot" : "slots"}, ${formatDuration(seconds)} in total: `;
  if (!uses.some(({ name }) => useColors.has(name))) {
    return `${total}${list(uses)}.`;
  }
  const [work, idle] = [uses.filter(isWork), uses.filter((u) => !isWork(u))];
  return `${total}${share(work)} with a task` +
    (work.length ? ` (${list(work)})` : "") + `, ${share(idle)} without` +
    (idle.length ? ` (${list(idle)}).` : ".");
}
