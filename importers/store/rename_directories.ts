import { type Database, spanKey } from "../../sql/mod.ts";
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
    const ids = db.query<{ id: number }>(
      "SELECT id FROM source WHERE rundir IN (SELECT value FROM json_each(?))",
      [JSON.stringify(absorbed)],
    ).map(({ id }) => id);
    if (ids.length > 0) {
      removeSources(db, ids);
      for (const id of ids) {
        db.run("UPDATE span SET source_id = NULL WHERE source_id = ?", [id]);
        db.run("DELETE FROM source WHERE id = ?", [id]);
      }
      // The rest is unchanged, and still has to be bound again.
      db.run("UPDATE source SET bound = NULL");
    }
    const names = new Map(renamed);
    for (const [run, rundir] of loggedIn) {
      for (const [from, to] of renamed) {
        if (to === rundir) names.set(nameInLog(from, run), nameInLog(to, run));
      }
    }
    // Two directories may have swapped their places.
    const isSwapped = names.values().some((to) => names.has(to));
    const between = (name: string) => isSwapped ? `${name}#renamed` : name;
    for (const [from, to] of names) rename(db, from, between(to));
    if (!isSwapped) return;
    for (const to of names.values()) rename(db, between(to), to);
  });
}

function rename(db: Database, from: string, to: string): void {
  const names = { from, to };
  db.run(
    `UPDATE source SET path = iif(
         path = :from OR path >= :from || '/' AND path < :from || '0',
         :to || substr(path, length(:from) + 1), path),
       rundir = :to
     WHERE rundir = :from`,
    names,
  );
  db.run("UPDATE run SET rundir = :to WHERE rundir = :from", names);
  db.run(
    `UPDATE span SET attributes = json_set(attributes, '$.rundir', :to),
       key = (SELECT substr(key, 2, length(key) - 2) FROM (
         SELECT replace(replace('/' || span.key || '/', :fromKey, :toKey),
           :fromHash, :toHash) AS key))
     WHERE attributes ->> 'rundir' = :from`,
    {
      ...names,
      fromKey: `/${spanKey([from])}/`,
      toKey: `/${spanKey([to])}/`,
      fromHash: `/${directoryKey(from)}/`,
      toHash: `/${directoryKey(to)}/`,
    },
  );
}
