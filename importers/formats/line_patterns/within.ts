import { basename } from "node:path";
import { type Database, spanKey } from "../../../sql/mod.ts";
import type { LogPlace } from "../format.ts";
import { hasTable } from "../../store/has_table.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { check, checkMembers } from "./check_members.ts";

/**
 * The run, the task or the try of Parsl that a log is about as a whole,
 * whatever its lines say.
 */
export interface Within {
  /** Its id, or the label or the directory of a run that was imported before. */
  run?: string;
  /** Parsl's number of the task. */
  task?: string | number;
  /** The number of the try, from 0. */
  try?: string | number;
}

/** The same with canonical numbers; "path" for the groups of the path. */
export type PlainWithin = "path" | Readonly<Record<string, string>>;

const number = [/number|text|undefined/, "a number"] as const;

/** Checks what a log is within, and its numbers. */
export function plainWithin(
  within: "path" | Within,
  pathGroups: readonly string[],
): PlainWithin {
  if (within === "path") {
    check(
      ["run", "rundir"].some((group) => pathGroups.includes(group)),
      'within is "path", so path needs a group named "run" or "rundir"',
    );
    check(
      pathGroups.includes("task") || !pathGroups.includes("try"),
      'within is "path", so path needs a group named "task" beside "try"',
    );
    return within;
  }
  checkMembers(within, "within", "within.", {
    run: [/text|undefined/, "text"],
    task: number,
    try: number,
  });
  const { run, task, try: attempt } = within;
  check(
    (task === undefined || run !== undefined) &&
      (attempt === undefined || task !== undefined),
    "within names a task without its run, or a try without its task",
  );
  return canonical({ run, task, try: attempt });
}

const canonical = (
  { run, task, try: number }: Record<string, string | number | undefined>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ run, task, try: number }).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const text = String(value);
      return [[name, name === "run" ? text : text.replace(/^0+(?=\d)/, "")]];
    }),
  );

/** The id of a run by its label or its directory. */
export function runByName(db: Database, within: PlainWithin): PlainWithin {
  if (within === "path" || within.run === undefined) return within;
  const found = hasTable(db, "run")
    ? db.query<{ run_id: string | null }>(
      `SELECT run_id FROM run JOIN run_label USING (id)
       WHERE :run IN (run_id, label, rundir)`,
      { run: within.run },
    )
    : [];
  const [run] = found;
  return found.length === 1 && run!.run_id !== null
    ? { ...within, run: run!.run_id }
    : within;
}

/** The span of a whole log. */
export function writeFile(
  writer: SpanWriter,
  within: PlainWithin,
  { path: place }: Pick<LogPlace, "path">,
  path: Readonly<Record<string, string>>,
): { id: number; attributes: Record<string, string> } {
  const { rundir } = within === "path" ? path : {};
  const named = within === "path" ? canonical(path) : { ...within };
  const about = { ...rundir !== undefined && { rundir }, ...named };
  const isAlone = Object.keys(about).length === 0;
  const attributes = { ...about, file: isAlone ? place : basename(place) };
  const type = isAlone
    ? "alone"
    : named.try !== undefined
    ? "in_try"
    : named.task !== undefined
    ? "in_task"
    : "in_run";
  const key = spanKey(Object.values(attributes));
  return { id: writer.span(`bound_log.${type}`, key, attributes), attributes };
}
