import type { Database, Sql } from "dnpc/sql";
import type { Sink } from "../../output/sink.ts";
import { emitActivities } from "./activities.ts";
import { emitCounters } from "./counters.ts";
import { writeTrace } from "./events.ts";
import { appsOfTasks, runNames } from "./runs.ts";
import { emitTries } from "./tries.ts";
import { makeTracks } from "./tracks.ts";

/**
 * Writes a trace that Perfetto and chrome://tracing open: what each worker did,
 * what each try waited for, and what components counted, in the JSON trace
 * format.
 *
 * @param wanted a condition on the table span
 */
export function writePerfetto(db: Database, wanted: Sql, out: Sink): void {
  const runs = runNames(db);
  const appOf = appsOfTasks(db);
  writeTrace(out, (emit) => {
    const making = { db, emit, tracks: makeTracks(emit), runs, appOf, wanted };
    emitActivities(making);
    emitTries(making);
    emitCounters(making);
  });
}
