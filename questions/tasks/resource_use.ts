import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, jsonPath, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { type By, byAttributes } from "../events/by_attributes.ts";
import { typedSpans } from "../events/typed_events.ts";
import { nameOfRun, runLabels } from "../runs/find_run.ts";
import resourceUseText from "./resource_use.sql" with { type: "text" };
import { tries } from "./where_is_every_task.ts";

/** Options of {@linkcode resourceUse}. */
export interface ResourceUseOptions {
  /** The run: its label, its id, its directory, or a unique part of these. */
  run?: string | undefined;
  /**
   * Attributes of tasks, tries or their work with an executor by which to
   * group: "executor", ["executor", "worker"], or "run" for nothing else. By
   * default "app": the app, or else the category of the executor's task.
   */
  by?: By | undefined;
}

/** A resource of the attempts of an app: a row of {@linkcode resourceUse}. */
export interface ResourceUse {
  /** Label of the run, such as "000"; if it has none, its directory or id. */
  run: string | null;
  /** The name of the app, and so on for the other attributes of `by`. */
  [by: string]: string | number | null;
  /** "cores", "gpus", "memory", "disk", "nodes" or "cpu time". */
  resource: string;
  /**
   * The unit of the numbers: "cores", "gpus", "MB" of 2^20 bytes, "nodes" or
   * "s".
   */
  unit: string;
  /** Number of attempts, the same for all resources. */
  attempts: number;
  /** Mean of the app's requests; null if it requested nothing. */
  requested_mean: number | null;
  /** The maximum of the same. */
  requested_max: number | null;
  /** Mean of the executor's allocations to an attempt on its worker. */
  allocated_mean: number | null;
  /** The maximum of the same. */
  allocated_max: number | null;
  /** Mean of a monitor's measurements. */
  measured_mean: number | null;
  /** The maximum of the same. */
  measured_max: number | null;
  /** Number of attempts with a request. */
  with_request: number;
  /** Number of attempts of which the allocation is known. */
  with_allocation: number;
  /** Number of attempts that were measured. */
  with_measurement: number;
}

/**
 * Compares the resources that attempts at tasks requested, were allocated, and
 * used: for each app, or by other attributes. Large differences mean that
 * resources are wasted or short.
 *
 * Work Queue and TaskVine log all three; theirs is measured by their resource
 * monitor, if it is enabled, as the average number of cores and the peak of
 * memory and disk. Parsl's monitoring samples the memory (resident, of which the
 * maximum counts) and the CPU time (of user and system, from the first sample to
 * the last; unknown if there is one). If both measured, the larger number
 * counts. A parsl.log has requests, too, and the workers of MPIExecutor log the
 * nodes of each task.
 *
 * GPUs are left out where there are none. A task that was sent to a worker again
 * is another attempt. Attempts about which no resource is known, as in HTEX
 * without monitoring, are not counted. A call of a TaskVine library is allocated
 * nothing, because its library is. Means are over the attempts that have the
 * number.
 *
 * @returns rows in the order of the runs and the attributes; see
 * {@linkcode ResourceUse} for the columns
 * @throws {RangeError} for a name that fits no run, or several
 * @throws {TypeError} for an attribute named like another column
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { resourceUse } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq-resources.tar.gz");
 *
 * // The app burn requests a core, and uses less than half of it.
 * const cores = resourceUse(db).find(({ app, resource }) =>
 *   app === "burn" && resource === "cores"
 * );
 * assert.equal(cores?.attempts, 6);
 * assert.equal(cores?.requested_mean, 1);
 * assert.equal(cores?.allocated_mean, 1);
 * assert.ok(Number(cores?.measured_mean) < 0.5);
 * ```
 */
export function resourceUse(
  db: Database,
  options: ResourceUseOptions = {},
): ResourceUse[] {
  checkQuestion("resourceUse", db, options, { run: true, by: true });
  const { run: name, by = "app" } = options;
  const run = nameOfRun(db, name);
  // The rows of each run are apart in any case.
  const names = [by].flat().filter((name) => name !== "run");
  const { columns, order } = byAttributes(names, resultColumns);
  const attributes = names.map((name) => {
    const path = jsonPath(name);
    const category = name === "app"
      ? sql`, work.attributes ->> 'category'`
      : sql``;
    return sql`coalesce(task.attributes ->> ${path},
      try.attributes ->> ${path}, work.attributes ->> ${path}${category})`;
  });
  const labels = runLabels(db);
  const rows = db.query<ResourceUse>(
    sql.module(resourceUseText, {
      tries,
      nested: typedSpans(tries, true),
      is_run: run === undefined ? sql`1 = 1` : sql`${run} IN (run_id, rundir)`,
      attributes: sql.join(attributes),
      columns,
      order,
    }),
  );
  return answer(
    // Sorting is stable.
    rows.map((row) => ({ ...row, run: labels.get(row.run) ?? row.run }))
      .sort((a, b) => Number(a.run! > b.run!) - Number(a.run! < b.run!)),
    ["run", "with_request", "with_allocation", "with_measurement"],
  );
}

const resultColumns = [
  "run",
  "resource",
  "unit",
  "attempts",
  ...["requested", "allocated", "measured"].flatMap((kind) => [
    `${kind}_mean`,
    `${kind}_max`,
  ]),
  "with_request",
  "with_allocation",
  "with_measurement",
];
