import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import {
  compare,
  coverage,
  criticalPath,
  lines,
  story,
  taskDependencies,
  taskGraph,
  utilisation,
  whereIsEveryTask,
  workerActivity,
  workerIdleTime,
} from "dnpc/questions";
import {
  type Database,
  openDatabase,
  readDatabaseFile,
  spanKey,
  sql,
} from "dnpc/sql";
import { importedOnce, tzLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { figures, isWhole } from "./figures.ts";
import { poisons, stored, without } from "./poisons.ts";

const counted = figures("questions about runs with hostile names");

const runinfo = "tests/fixtures/tz/runinfo";

// Attributes with free-form names; all others are numbers.
const named = ["run", "executor", "manager", "hostname", "app"];

// Questions know Parsl's own executor by this name.
const internal = "_parsl_internal";

const tried = Object.entries(poisons).filter((_, i) => isWhole || i % 5 === 1);

/** Appends the poison to the names of a run and in its spans. */
function poisoned(db: Database, poison: string): void {
  for (const name of named) {
    const path = `$.${name}`;
    const values = db.query<{ value: string }>(sql`
      SELECT DISTINCT attributes ->> ${path} AS value FROM span
      WHERE value <> ${internal}`);
    for (const { value } of values) {
      const [before, after] = [spanKey([value]), spanKey([value + poison])];
      db.run(sql`UPDATE span SET key = replace(key, ${before}, ${after})
        WHERE attributes ->> ${path} = ${value}`);
    }
    db.run(sql`UPDATE span SET attributes = json_set(
        attributes, ${path}, (attributes ->> ${path}) || ${poison})
      WHERE attributes ->> ${path} <> ${internal}`);
  }
  db.run(sql`UPDATE run SET run_id = run_id || ${poison}`);
}

/** The answers to every question about runs. */
function answers(db: Database, poison: string): unknown {
  const ask = (query: Parameters<Database["query"]>[0]) => [...db.query(query)];
  const [{ run }] = ask(`SELECT attributes ->> 'run' AS run FROM span
    WHERE type = 'parsl.rundir.workflow'`) as unknown as [{ run: string }];
  const [{ executor }] = ask(
    sql`SELECT DISTINCT attributes ->> 'executor' AS executor FROM span
     WHERE type = 'parsl.executor' AND executor <> ${internal}`,
  ) as unknown as [{ executor: string }];
  assert.ok(run.endsWith(poison) && executor.endsWith(poison));
  const { nodes, edges } = taskGraph(db, { run });
  return {
    compared: [...compare(db, { runs: [run, run] })],
    coverage: [...coverage(db)],
    critical: [...criticalPath(db, { run })],
    dependencies: ask(taskDependencies()),
    nodes: [...nodes],
    edges: [...edges],
    places: ask(whereIsEveryTask()),
    activity: [...workerActivity(db)],
    idle: [...workerIdleTime(db)],
    used: [...utilisation(db)],
    story: story(db, { executor, task: "5", run }).map(({ time }) => time),
  };
}

Deno.test("questions about runs give the same answers with hostile names", async () => {
  const imported = await Deno.readFile((await importedOnce(tzLogs)).path);
  using plain = await openDatabase(imported, { engine: "native" });
  const expected = without("\uffff", answers(plain, ""));
  assert.ok(JSON.stringify(expected).length > 50_000);
  for (const [claim, poison] of tried) {
    counted.inputs++;
    using db = await openDatabase(imported, { engine: "native" });
    poisoned(db, stored(poison));
    assert.deepEqual(
      without(stored(poison), answers(db, stored(poison))),
      expected,
      claim,
    );
    counted.survived++;
    counted.rows += JSON.stringify(expected).split("{").length;
  }
});

Deno.test("folders and databases with hostile names are read and written", () =>
  inFolder(async (folder) => {
    for (const [claim, poison] of tried) {
      // File names may not contain a slash and have a limited length.
      const name = stored(poison).replaceAll("/", "_").slice(0, 200);
      counted.inputs++;
      const place = `${folder}/${name}`;
      await Deno.mkdir(place);
      await Deno.copyFile(
        `${runinfo}/000/parsl.log`,
        `${place}/parsl.log`,
      );
      await Deno.copyFile(`${runinfo}/monitoring.db`, `${place}/${name}.db`);
      using db = await openDatabase(`${place}/${name}.sqlite3`);
      const { sources } = await importRuninfo(db, place, { progress: false });
      assert.deepEqual(
        sources.map(({ lines }) => lines).sort(),
        [1425, 575],
        claim,
      );
      assert.deepEqual(
        sources.map(({ path }) => path.slice(0, place.length)),
        [place, place].map((place) => place),
        claim,
      );
      const [event] = db.query<{ event_id: number }>(
        "SELECT id AS event_id FROM event WHERE offset IS NOT NULL LIMIT 1",
      );
      const [line] = lines(db, [event!]);
      assert.match(line!.text!, /^1795347183\./, claim);
      await db.save(`${place}/${name}.copy`);
      using copy = await openDatabase(`${place}/${name}.copy`, {
        readOnly: true,
      });
      const count = "SELECT count(*) AS n FROM event";
      assert.deepEqual([...copy.query(count)], [...db.query(count)]);
      const read = await readDatabaseFile(`${place}/${name}.db`);
      assert.equal(read.length, Deno.statSync(`${runinfo}/monitoring.db`).size);
      counted.survived++;
      counted.rows += 2000;
    }
  }));
