import type { Rule } from "../../sql/mod.ts";
import type {
  DatabaseFormat,
  FileFormat,
  Format,
  LogFormat,
} from "./format.ts";
import { academy } from "./academy/format.ts";
import { chrome } from "./chrome/format.ts";
import { globusCompute } from "./globus_compute/format.ts";
import { htex } from "./htex/format.ts";
import { json } from "./json/format.ts";
import { linePatterns } from "./line_patterns/format.ts";
import { monitoring } from "./monitoring/format.ts";
import { otlp } from "./otlp/format.ts";
import { parsl } from "./parsl/format.ts";
import { slurm } from "./slurm/format.ts";
import { taskVine } from "./task_vine/format.ts";
import { tracing } from "./tracing/format.ts";
import { workQueue } from "./work_queue/format.ts";

/**
 * All formats that `importRuninfo` detects. If a file name matches several, the
 * first one counts.
 */
export const formats: readonly Format[] = [
  parsl,
  htex,
  workQueue,
  taskVine,
  tracing,
  monitoring,
  slurm,
  globusCompute,
  academy,
  otlp,
  chrome,
  json,
  linePatterns,
];

/** The kinds of file of all formats. */
export const fileFormats: readonly FileFormat[] = formats
  .flatMap(({ files }) => files);

/** The formats of SQLite databases. */
export const databaseFormats: readonly DatabaseFormat[] = formats
  .flatMap(({ database }) => database ?? []);

/** By importer, the logs whose spans belong to a run directory. */
export const logsOfRuns: ReadonlyMap<string, LogFormat> = new Map(
  formats
    .filter(({ spanTypes }) =>
      spanTypes.some(({ identity }) => identity.includes("rundir"))
    )
    .flatMap(({ files }) => files.filter((file) => "open" in file))
    .map((file) => [file.importer, file]),
);

/** Names of the attributes that identify spans of these formats. */
export const identifying: ReadonlySet<string> = new Set([
  "rundir",
  ...formats.flatMap(({ spanTypes }) =>
    spanTypes.flatMap(({ identity = [] }) => identity)
  ),
]);

/**
 * Rules that relate the logs of the components of a Parsl workflow. Every
 * import applies them with `bind`, unless other rules are given. They are data
 * that you can read and extend: `bind(db, [...parslRules, myRule])`.
 *
 * Components do not know each other. All spans from below one run directory
 * share `rundir`, a name for that directory. An executor's own number for a
 * task, which its components share, is bound to Parsl's number by the line that
 * reports the launch of a try.
 *
 * @example
 * ```ts
 * import { parslRules } from "dnpc/importers";
 * import { ruleText } from "dnpc/sql";
 * import assert from "node:assert/strict";
 *
 * assert.ok(
 *   parslRules.map(ruleText).includes(
 *     "facet: parsl.monitoring.task = parsl.rundir.task on run, task",
 *   ),
 * );
 * ```
 */
export const parslRules: readonly Rule[] = formats
  .flatMap(({ rules }) => rules);
