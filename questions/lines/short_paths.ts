import { pathEnds } from "../../display/text/entities.js";
import type { Database } from "../../sql/mod.ts";

/**
 * As much of the end of each source's path as no other source of its run has:
 * "parsl.log", "htex_beta/interchange.log". `lines` takes it.
 */
export const shortPaths = (db: Database): Map<string, string> =>
  pathEnds(
    db.query<{ path: string; rundir: string | null }>(
      "SELECT DISTINCT path, rundir FROM source",
    ),
  );
