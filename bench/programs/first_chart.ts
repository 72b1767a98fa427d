// What the first cells of a notebook do with a run that is imported already,
// and when each is done, in milliseconds.
const [file = ""] = Deno.args;
const start = performance.now();
const took: Record<string, number> = {};
const done = (what: string) => took[what] = performance.now() - start;
const { eventSequences, eventsOf, openDatabase, timesBetween, twoEvents } =
  await import("dnpc");
done("import");
using db = await openDatabase(file, { readOnly: true });
done("open");
const rows = db.query(timesBetween({
  from: "parsl.rundir.try/launched",
  to: "parsl.executor.htex.worker.task/worker_received_task",
}));
done("query");
const chart = twoEvents(rows);
done("chart");
const png = chart.png();
done("png");
if (rows.length === 0 || !png.length) throw new Error("there is no chart");
const type = "parsl.rundir.task";
const events = db.query(eventsOf(type));
done("eventsOf");
const sequences = eventSequences(db, type);
done("eventSequences");
console.log(JSON.stringify({
  ...took,
  rows: rows.length,
  events: events.length,
  sequences: sequences.length,
}));
