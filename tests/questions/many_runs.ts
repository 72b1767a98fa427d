import { type Database, insertRows, openDatabase } from "dnpc/sql";
import { addKnownSpans } from "../sql/spans.ts";

/** A try of a run made for a test. */
export interface MadeTry {
  app: string;
  host: string;
  block?: string;
  /** How long it was in a worker. */
  seconds: number;
  failed?: boolean;
}

/** A run made for a test. */
export interface MadeRun {
  workflow?: string;
  version?: string;
  /** Unix seconds. */
  began: number;
  tries: readonly MadeTry[];
  /** Seconds until the first try is in a worker. */
  startup?: number;
}

/** Writes runs with the labels 000, 001, ...: each task has one try. */
export function addRuns(db: Database, runs: readonly MadeRun[]): void {
  const named = runs.map((run, i) => ({
    ...run,
    id: `id-${String(i).padStart(3, "0")}`,
    rundir: `/runinfo/${String(i).padStart(3, "0")}`,
  }));
  addKnownSpans(
    db,
    named.flatMap(({ id: run, rundir, began, startup = 1, tries }) => [
      { type: "parsl.rundir.workflow", attributes: { run, rundir } },
      ...tries.flatMap(
        ({ app, host, block = "0", seconds, failed = false }, i) => {
          const name = { run, rundir, task: String(i) };
          const started = began + 1 + startup;
          return [
            { type: "parsl.rundir.task", attributes: { ...name, app } },
            {
              type: "parsl.rundir.try",
              attributes: {
                ...name,
                try: "0",
                executor: "htex",
                block,
                hostname: host,
              },
              events: [
                [began + 1, "launched"],
                [started, "running"],
                [started + seconds, "running_ended"],
                [started + seconds + 0.1, failed ? "failed" : "exec_done"],
              ] as const,
            },
          ];
        },
      ),
    ]),
  );
  db.exec("UPDATE span SET key = key || ' ' || attributes");
  insertRows(
    db,
    "run",
    ["rundir", "run_id", "workflow", "parsl_version", "began", "ended"],
    named.map(({ id, rundir, workflow, version, began, tries }) => [
      rundir,
      id,
      workflow ?? "flow",
      version ?? "2026.10",
      began,
      began + 2 + tries.reduce((sum, { seconds }) => sum + seconds, 0),
    ]),
  );
}

/** Asks a database of these runs. */
export async function withRuns(
  runs: readonly MadeRun[],
  work: (db: Database) => void,
): Promise<void> {
  using db = await openDatabase(undefined, { engine: "native" });
  addRuns(db, runs);
  work(db);
}

/** Numbers from 0 to 1 that look random, the same each time. */
export function* chance(seed = 1): Generator<number, never> {
  // Numerical Recipes' linear congruential generator.
  for (let state = seed;;) {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    yield state / 2 ** 32;
  }
}
