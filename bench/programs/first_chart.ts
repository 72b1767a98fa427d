// The first cells of a notebook about an imported run, with the seconds until
// each is done.
const [file = ""] = Deno.args;
const start = performance.now();
const after: Record<string, number> = {};
const done = (what: string) => {
  after[what] = (performance.now() - start) / 1000;
};
const { eventSequences, eventsOf, openDatabase, timesBetween, twoEvents } =
  await import("dnpc");

using db = await openDatabase(file, { readOnly: true });
done("opened");
const rows = db.query(timesBetween({
  from: "parsl.rundir.try/launched",
  to: "parsl.executor.htex.worker.task/worker_received_task",
}));
done("queried");
const chart = twoEvents(rows);
done("drawn");
const png = chart.png();
done("png");
if (rows.length === 0 || png.length === 0) throw new Error("there is no chart");
const type = "parsl.rundir.task";
const events = db.query(eventsOf(type));
done("eventsOf");
eventSequences(db, type);
done("eventSequences");
console.log(JSON.stringify({
  ...after,
  rows: rows.length,
  events: events.length,
}));
