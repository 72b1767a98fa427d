import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { columnNamesOf, firstName } from "../rows/column_names.ts";

/** Which columns say how much of a run has a step. */
export interface CoverageChannels {
  /** The run. The columns "run" and, where that is null, "rundir"; or the first. */
  run?: Channel | undefined;
  /** The step. The column "event_type", or the second. */
  step?: Channel | undefined;
  /** The share, from 0 to 1. The column "share", or the third. */
  share?: Channel | undefined;
}

/** A step in a run. */
export interface CoverageCell {
  /** Which run. */
  run: string;
  /** Which step. */
  step: string;
  /** From 0 to 1; null, if it is not known. */
  share: number | null;
}

/** The cells of a matrix of runs and steps. */
export interface CoverageCells {
  /** One for each row. */
  cells: CoverageCell[];
  /** In the order in which they come. */
  runs: string[];
  /** In the order in which they come. */
  steps: string[];
}

/**
 * Rows of shares by run and step, as `coverage(db)` gives them, as cells: the
 * transform behind {@linkcode coverageMatrix}. Steps of one name that belong to
 * several types of spans are told apart by these.
 *
 * @example
 * ```ts
 * import { coverageCells } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { cells, steps } = coverageCells([
 *   { run: "a", step: "pending", share: 1 },
 *   { run: "a", step: "running", share: 0.5 },
 * ]);
 * assert.deepEqual(steps, ["pending", "running"]);
 * assert.equal(cells[1]!.share, 0.5);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function coverageCells(
  rows: Rows,
  { run, step, share }: CoverageChannels = {},
): CoverageCells {
  const named = columnNamesOf(rows);
  const own = step === undefined && firstName(named, "event_type");
  const type = own ? firstName(named, "span_type") ?? null : null;
  const rundir = run === undefined ? firstName(named, "rundir") ?? null : null;
  const channels = readChannels(named.rows, {
    run: run ?? ["run", 0],
    step: step ?? ["event_type", "step", 1],
    share: share ?? ["share", 2],
    type,
    rundir,
  });
  const types = new Map<string, Set<string>>();
  const textAt = (values: readonly unknown[], i: number) =>
    String(values[i] ?? "(none)");
  if (type !== null) {
    channels.step.values.forEach((_, i) => {
      const name = textAt(channels.step.values, i);
      const of = types.get(name) ?? new Set();
      types.set(name, of.add(textAt(channels.type.values, i)));
    });
  }
  const cells = channels.run.values.map((name, i): CoverageCell => {
    const stepName = textAt(channels.step.values, i);
    const isShared = (types.get(stepName)?.size ?? 0) > 1;
    const value = channels.share.values[i];
    const number = value == null ? NaN : Number(value);
    return {
      run: String(
        name ?? (rundir === null ? null : channels.rundir.values[i]) ??
          "(none)",
      ),
      step: isShared
        ? `${stepName}, ${
          shortType(textAt(channels.type.values, i), types.get(stepName)!)
        }`
        : stepName,
      share: Number.isFinite(number) ? number : null,
    };
  });
  return {
    cells,
    runs: [...new Set(cells.map(({ run }) => run))],
    steps: [...new Set(cells.map(({ step }) => step))],
  };
}

/** The last two parts of a type, if they tell it from the others. */
function shortType(type: string, others: ReadonlySet<string>): string {
  const short = (name: string) => name.split(".").slice(-2).join(".");
  const isClear = new Set([...others].map(short)).size === others.size;
  return isClear ? short(type) : type;
}
