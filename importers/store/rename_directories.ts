import { type Database, insertRows, spanKey } from "../../sql/mod.ts";
import { type KnownRuns, nameInLog } from "../discover/known_runs.ts";
import { directoryKey } from "./directory_key.ts";
import { removeSources } from "./remove.ts";

/**
 * Gives run directories the names that this import found for them, and removes
 * copies that it will read as part of another directory. Spans keep their ids.
 */
export function renameDirectories(
  db: Database,
  { renamed, absorbed, loggedIn }: KnownRuns,
): void {
  if (renamed.size === 0 && absorbed.length === 0) return;
  db.transaction(() => {
    removeDirectories(db, absorbed);
    const names = new Map(renamed);
    const formerNames = Map.groupBy(
      renamed.keys(),
      (from) => renamed.get(from),
    );
    for (const [run, rundir] of loggedIn) {
      for (const from of formerNames.get(rundir) ?? []) {
        names.set(nameInLog(from, run), nameInLog(rundir, run));
      }
    }
    // Two directories may have swapped their places.
    const isSwapped = names.values().some((to) => names.has(to));
    if (!isSwapped) return rename(db, names);
    const between = (name: string) => `${name}#renamed`;
    rename(db, names.entries().map(([from, to]) => [from, between(to)]));
    const last = new Set(names.values());
    rename(db, last.values().map((to) => [between(to), to]));
  });
}

/** Removes what was read from directories. */
function removeDirectories(db: Database, rundirs: readonly string[]): void {
  const ids = db.query<{ id: number }>(
    "SELECT id FROM source WHERE rundir IN (SELECT value FROM json_each(?))",
    [JSON.stringify(rundirs)],
  ).map(({ id }) => id);
  if (ids.length === 0) return;
  removeSources(db, ids);
  const isOne = "IN (SELECT value FROM json_each(?))";
  const json = JSON.stringify(ids);
  db.run(`UPDATE span SET source_id = NULL WHERE source_id ${isOne}`, [json]);
  db.run(`DELETE FROM source WHERE id ${isOne}`, [json]);
  // The rest is unchanged, and still has to be bound again.
  db.run("UPDATE source SET bound = NULL");
}

/** Renames directories in one scan of the spans, however many there are. */
function rename(
  db: Database,
  names: Iterable<readonly [from: string, to: string]>,
): void {
  const columns = ["old", "new", "old_key", "new_key", "old_hash", "new_hash"];
  db.run(
    `CREATE TEMP TABLE dnpc_renamed (${columns}, PRIMARY KEY (old))
     WITHOUT ROWID`,
  );
  insertRows(
    db,
    "dnpc_renamed",
    columns,
    Iterator.from(names).map((oldAndNew) => [
      ...oldAndNew,
      ...oldAndNew.map((name) => `/${spanKey([name])}/`),
      ...oldAndNew.map((name) => `/${directoryKey(name)}/`),
    ]),
  );
  const isRenamed = "IN (SELECT old FROM temp.dnpc_renamed)";
  db.run(
    `UPDATE source SET (path, rundir) = (
       SELECT iif(path = old OR path >= old || '/' AND path < old || '0',
         new || substr(path, length(old) + 1), path), new
       FROM temp.dnpc_renamed WHERE old = rundir)
     WHERE rundir ${isRenamed}`,
  );
  db.run(
    `UPDATE run SET rundir = (
       SELECT new FROM temp.dnpc_renamed WHERE old = rundir)
     WHERE rundir ${isRenamed}`,
  );
  db.run(
    `UPDATE span SET (attributes, key) = (
       SELECT json_set(span.attributes, '$.rundir', new),
         substr(new_key, 2, length(new_key) - 2)
       FROM (
         SELECT new, replace(replace('/' || span.key || '/', old_key, new_key),
           old_hash, new_hash) AS new_key
         FROM temp.dnpc_renamed WHERE old = span.attributes ->> 'rundir'))
     WHERE attributes ->> 'rundir' ${isRenamed}`,
  );
  db.run("DROP TABLE temp.dnpc_renamed");
}
