import { type Channel, readChannels, type Rows } from "../rows/channels.ts";

/** Columns with the share of a run that has a step. */
export interface CoverageChannels {
  /** The run. The columns "run" and, where that is null, "rundir"; or the first. */
  run?: Channel | undefined;
  /** The step. The column "event_type", or the second. */
  step?: Channel | undefined;
  /** The share, from 0 to 1. The column "share", or the third. */
  share?: Channel | undefined;
}

/** The share of a run that has a step. */
export interface CoverageCell {
  /** Name of the run. */
  run: string;
  /** Name of the step. */
  step: string;
  /** From 0 to 1; null if unknown. */
  share: number | null;
}

/** The cells of a matrix of runs and steps. */
export interface CoverageCells {
  /** One per row. */
  cells: CoverageCell[];
  /** In order of appearance. */
  runs: string[];
  /** In order of appearance. */
  steps: string[];
}

/**
 * Reads shares by run and step, such as the rows of `coverage(db)`: the
 * transform behind {@linkcode coverageMatrix}. The type of span is added to the
 * name of a step that several types have.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function coverageCells(
  rows: Rows,
  { run, step, share }: CoverageChannels = {},
): CoverageCells {
  const read = readChannels(rows, {
    run: run ?? ["run", 0],
    step: step ?? ["event_type", "step", 1],
    share: share ?? ["share", 2],
    type: step === undefined ? ["span_type", null] : null,
    rundir: run === undefined ? ["rundir", null] : null,
  });
  const isOfEvents = step === undefined && read.step.name === "event_type";
  const types = new Map<string, Set<string>>();
  const typed = Array.from({ length: read.length }, (_, i) => {
    const name = String(read.step.values[i] ?? "(none)");
    const type = isOfEvents ? String(read.type.values[i] ?? "(none)") : "";
    types.set(name, (types.get(name) ?? new Set()).add(type));
    return { name, type };
  });
  const cells = typed.map(({ name, type }, i): CoverageCell => {
    const own = types.get(name)!;
    const value = read.share.values[i];
    const share = value == null ? NaN : Number(value);
    return {
      run: String(read.run.values[i] ?? read.rundir.values[i] ?? "(none)"),
      step: own.size > 1 ? `${name}, ${shortType(type, own)}` : name,
      share: Number.isFinite(share) ? share : null,
    };
  });
  return {
    cells,
    runs: [...new Set(cells.map(({ run }) => run))],
    steps: [...new Set(cells.map(({ step }) => step))],
  };
}

/** The last two parts of a type, if they distinguish it from the others. */
function shortType(type: string, others: ReadonlySet<string>): string {
  const short = (name: string) => name.split(".").slice(-2).join(".");
  const isClear = new Set([...others].map(short)).size === others.size;
  return isClear ? short(type) : type;
}
