import { moment } from "../../display/text/format.ts";
import { checkOptions } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { askEither, type Asking, rowsOf } from "../asking.ts";
import type { By } from "../events/by_attributes.ts";
import {
  type ExplainedShare,
  explainedShare,
} from "../events/robust_statistics.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import {
  type DurationFactor,
  factorsHeading,
} from "./duration_factors_text.ts";
import {
  type FactorRow,
  factorsQuery,
  usualNames,
} from "./duration_factors_query.ts";
import { type DurationsAsked, nounOf, sourceOf } from "./named_durations.ts";

/** Selects what {@linkcode durationFactors} compares. */
export interface DurationFactorsOptions extends DurationsAsked {
  /**
   * The attributes to look at: "app", "executor", "block", "manager", "worker",
   * "host", "try", "hour" and "day" of its beginning (UTC), "run", "version" (of
   * Parsl), "workflow", or any other attribute of the roots, their tasks or the
   * spans nested in them. By default all of those that are named here.
   */
  by?: By;
  /**
   * The attributes that durations have in common if they are compared with each
   * other, or none: []. By default "app": a slow host does not hide behind slow
   * apps, nor does a host look slow because slow apps ran there.
   */
  within?: By;
}

/**
 * Finds which attributes tell slow tries from fast ones: a slow app, a bad node, a
 * bad hour, another version. For each attribute, the share of the spread that it
 * explains, and its slowest and its fastest value, the largest share first.
 *
 * By default the durations are how long tries were in a worker; if no log says it,
 * from their launch to their end. With `from` and `to`, they are the times between
 * two events, as {@linkcode timesBetween} measures them.
 *
 * A duration is compared with others of the same app: as a rank, from the fastest
 * to the slowest, so that a few extreme ones do not decide. If most runs have
 * several values, as of a host, it is compared with those of the same run, too. If
 * each run has one, as of the version, the runs are what is counted: a difference
 * has to exceed what runs of the same value differ by. An attribute with many
 * values explains something by chance: that is subtracted. Durations that differ
 * by less than 1% count as equal. `docs/statistics.md` has the formulas.
 *
 * An attribute that goes together with another one has much the same share: all
 * tries on a host are in its blocks. It does not say which is the cause. Tries that
 * wait in one queue are not independent of each other: what is clear by these
 * numbers may still be chance.
 *
 * @throws {RangeError} for an attribute that no root has
 * @throws {TypeError} if only one of `from` and `to` is given
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { durationFactors } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const [first] = durationFactors(db);
 * assert.equal(first!.attribute, "app");
 * assert.equal(first!.slowest, "right");
 * ```
 */
export function durationFactors(
  db: Database,
  options?: DurationFactorsOptions,
): DurationFactor[];
/** The same of a campaign, which answers with a promise. */
export function durationFactors(
  campaign: AsyncQueryable,
  options?: DurationFactorsOptions,
): Promise<DurationFactor[]>;
export function durationFactors(
  data: Database | AsyncQueryable,
  options: DurationFactorsOptions = {},
): DurationFactor[] | Promise<DurationFactor[]> {
  checkOptions("durationFactors", options, {
    from: true,
    to: true,
    by: true,
    within: true,
    run: true,
    root: true,
  });
  return askEither("durationFactors", data, factors(options));
}

function* factors(
  { by = usualNames, within = "app", ...asked }: DurationFactorsOptions,
): Asking<DurationFactor[]> {
  const strata = [within].flat();
  const query = factorsQuery(asked, [by].flat(), strata);
  const found = yield* rowsOf<FactorRow>(query);
  const hasManyExecutors = found.some(({ attribute, k }) =>
    attribute === "executor" && k > 1
  );
  const rows = Map.groupBy(found, ({ attribute }) => attribute).values()
    .map((rows) => factorOf(rows, strata, hasManyExecutors)).toArray();
  const isInner = ({ within }: DurationFactor) => within === "" ? 0 : 1;
  const shown = rows.filter(({ values }) => values > 1).sort((a, b) =>
    isInner(a) - isInner(b) || (b.share ?? -1) - (a.share ?? -1) ||
    a.values - b.values
  );
  const alone = rows.filter(({ values }) => values === 1)
    .map(({ attribute }) => attribute);
  return answer(shown, secondary, {
    kinds,
    heading: found.length === 0
      ? "No log says how long anything took."
      : factorsHeading(shown, alone, {
        noun: nounOf(asked),
        source: sourceOf(asked, found[0]!.in_worker),
        durations: found[0]!.durations,
        usual: found[0]!.usual,
      }),
    whole: ["slowest"],
  });
}

function factorOf(
  rows: readonly FactorRow[],
  strata: readonly string[],
  hasManyExecutors: boolean,
): DurationFactor {
  const [row] = rows as [FactorRow];
  const { attribute, all_runs } = row;
  const isOwn = row.is_own === 1 && all_runs > 1;
  const isStratum = strata.includes(attribute);
  const found = shareOf(row, isOwn, isStratum);
  const [slow, fast] = [1, 0].map((isSlowest) =>
    rows.find(({ is_slowest }) => is_slowest === isSlowest)
  );
  const ratio = slow && fast ? slow.times / fast.times : 1;
  // One odd value among many explains little, and matters.
  const isOfTries = isOwn || all_runs === 1;
  const isOdd = slow !== undefined && found !== null && slow.times >= 1.25 &&
    (slow.mean - 0.5) / deviationOf(slow, isOfTries) > (isOfTries ? 5 : 4);
  const isClear = found !== null && found.isClear && found.share >= 0.01 &&
    ratio >= 1.1;
  return {
    attribute,
    within: isStratum ? "" : [...strata, ...isOwn ? ["run"] : []].join(", "),
    share: found?.share ?? null,
    clear: isClear || isOdd ? 1 : 0,
    values: row.k,
    count: row.n,
    slowest: slow ? valueName(slow, hasManyExecutors) : null,
    slow_times: rounded(slow?.times),
    slow_median: rounded(slow?.median),
    slow_count: slow?.value_n ?? null,
    fastest: fast ? valueName(fast, hasManyExecutors) : null,
    fast_times: rounded(fast?.times),
    fast_median: rounded(fast?.median),
    fast_count: fast?.value_n ?? null,
  };
}

/** Lengths are known to 1%. */
const rounded = (value: number | null | undefined): number | null =>
  value == null ? null : Number(value.toPrecision(3));

/**
 * The standard deviation of the mean rank of a value, if it is chance: of as many
 * tries, or else of as many runs, of which one says nothing.
 */
function deviationOf(
  { n, between_runs, value_n, value_runs }: FactorRow,
  isInRuns: boolean,
): number {
  if (isInRuns) return 1 / Math.sqrt(12 * value_n);
  return value_runs < 2 ? Infinity : Math.sqrt(between_runs / (n * value_runs));
}

/** The share of an attribute; null if it cannot be told from the run. */
function shareOf(
  row: FactorRow,
  isOwn: boolean,
  isStratum: boolean,
): ExplainedShare | null {
  const { attribute, k, runs, total, between_values, between_runs } = row;
  const free = row.n - (isStratum ? 1 : row.strata);
  const isOfRuns = !isOwn && !isStratum && row.all_runs > 1;
  if (!isOfRuns || attribute === "run" || k === 1) {
    // The values in a run are compared with each other.
    const groups = isOwn && row.is_local ? k - runs : k - 1;
    return explainedShare({ total, between: between_values, free, groups });
  }
  // Runs differ, whatever their values: these explain a part of that.
  const ofRuns = explainedShare({
    total,
    between: between_runs,
    free,
    groups: runs - 1,
  });
  const amongRuns = explainedShare({
    total: between_runs,
    between: between_values,
    free: runs - 1,
    groups: k - 1,
  });
  return ofRuns && amongRuns &&
    { share: ofRuns.share * amongRuns.share, isClear: amongRuns.isClear };
}

function valueName(row: FactorRow, hasManyExecutors: boolean): string {
  const { attribute, value } = row;
  if (attribute === "hour") return `${value.padStart(2, "0")}:00`;
  if (attribute === "day") return moment(86_400 * Number(value)).slice(0, 10);
  const ofRun = row.all_runs > 1 && row.of_run !== null
    ? ` of run ${row.of_run}`
    : "";
  const ofExecutor = hasManyExecutors ? ` of ${row.of_executor}` : "";
  if (attribute === "block") return value + ofExecutor + ofRun;
  if (attribute !== "worker") return value;
  // Managers have names of their own.
  return row.of_manager === null
    ? value + (row.of_block === null ? "" : ` of block ${row.of_block}`) +
      ofExecutor + ofRun
    : `${value} of manager ${row.of_manager}`;
}

const secondary = ("slow_count fast_times fastest slow_median count " +
  "fast_median fast_count").split(" ");

const kinds = {
  clear: "mark",
  values: "count",
  count: "count",
  slow_times: "ratio",
  slow_median: "seconds",
  slow_count: "count",
  fast_times: "ratio",
  fast_median: "seconds",
  fast_count: "count",
} as const;
