// Writes a report of a database, and prints the processor seconds.
import { report } from "dnpc/report";
import { openDatabase } from "dnpc/sql";
import { cpuSeconds, peakMemory } from "../measure.ts";

const [database = "", file = ""] = Deno.args;
using db = await openDatabase(database);
const start = cpuSeconds();
Deno.writeTextFileSync(file, report(db));
const seconds = cpuSeconds() - start;
const [counts] = db.query(`SELECT (SELECT count(*) FROM event) AS events,
  (SELECT count(*) FROM span JOIN span_kind USING (type)
    WHERE type = 'parsl.rundir.task') AS tasks`);
console.log(JSON.stringify({ seconds, memory: peakMemory(), ...counts }));
