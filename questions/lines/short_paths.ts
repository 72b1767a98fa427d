import type { Database } from "../../sql/mod.ts";

/**
 * As much of the end of each source's path as no other source of its run has:
 * "parsl.log", "htex_beta/interchange.log". `lines` takes it.
 */
export function shortPaths(db: Database): Map<string, string> {
  const sources = db.query<{ path: string; rundir: string | null }>(
    "SELECT DISTINCT path, rundir FROM source",
  );
  const short = new Map<string, string>();
  const shorten = (paths: readonly string[], parts: number) => {
    const groups = Map.groupBy(
      paths,
      (path) => path.split("/").slice(-parts).join("/"),
    );
    for (const [end, alike] of groups) {
      const isLast = alike.every((path) => path.split("/").length <= parts);
      if (alike.length > 1 && !isLast) shorten(alike, parts + 1);
      else for (const path of alike) short.set(path, end);
    }
  };
  for (const ofRun of Map.groupBy(sources, ({ rundir }) => rundir).values()) {
    shorten([...new Set(ofRun.map(({ path }) => path))], 1);
  }
  return short;
}
