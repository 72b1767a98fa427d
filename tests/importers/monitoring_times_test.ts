import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder, onDatabase, value } from "../sql/engines.ts";
import {
  askPython,
  isThere,
  makeDatabase,
  onOriginals,
  rows,
  smallest,
  tz,
} from "./databases.ts";

const newYork = "America/New_York";

onOriginals(
  "importMonitoringDb() reads times as Python does, to the microsecond",
  async (db, { path, options: { timeZone } }) => {
    const expected = await askPython(
      `
import json, sqlite3, sys
from datetime import datetime
from zoneinfo import ZoneInfo
path, zone = sys.argv[1:]
for row, time in sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(
        "SELECT rowid, timestamp FROM status ORDER BY rowid"):
    local = datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
    print(row, f"{local.timestamp():.6f}")
`,
      path,
      timeZone,
    );
    if (expected === undefined) return;
    const found = rows(
      db,
      `SELECT line, printf('%.6f', time) FROM event
       WHERE attributes ->> 'table' = 'status' ORDER BY line`,
    );
    assert.deepEqual(found.map((row) => row.join(" ")), expected.split("\n"));
  },
);

onDatabase(
  "importMonitoringDb() reads times in options.timeZone",
  async (db) => {
    await importMonitoringDb(db, tz.path, { timeZone: newYork });
    assert.deepEqual(
      rows(
        db,
        "SELECT type, time FROM event WHERE type IN ('began', 'completed')",
      ),
      [["began", 1795347184.010191], ["completed", 1795347189.671758]],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT time_began, time_began_unix, time_completed_unix
       FROM monitoring_workflow`,
      ),
      [["2026-11-22 06:33:04.010191", 1795347184.010191, 1795347189.671758]],
    );
  },
);

// Each line of parsl.log begins with the Unix time and the local time.
const log = "../shared/data/tz/runinfo/000/parsl.log";

Deno.test({
  name: "importMonitoringDb() agrees with parsl.log on the time",
  ignore: tz.ignore || !isThere(log),
  fn: async () => {
    using db = await openDatabase();
    await importMonitoringDb(db, tz.path, { timeZone: newYork });
    const text = await Deno.readTextFile(log);
    const seconds = new Map(
      [...text.matchAll(/^(\d+)\.\d+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) /gm)]
        .map(([, unix, local]) => [local, Number(unix)]),
    );
    const found = rows(
      db,
      `SELECT DISTINCT substr(timestamp, 1, 19), CAST(timestamp_unix AS INTEGER)
       FROM monitoring_status`,
    );
    assert.equal(found.length, 6);
    for (const [local, unix] of found) {
      assert.equal(unix, seconds.get(String(local)));
    }
  },
});

Deno.test("importMonitoringDb() reads times in the machine's zone by default", async () => {
  const script = `
    import { openDatabase } from "dnpc/sql";
    import { importMonitoringDb } from "dnpc/importers";
    const db = await openDatabase();
    await importMonitoringDb(db, "${tz.path}");
    const [row] = db.query("SELECT time_began_unix AS time FROM monitoring_workflow");
    console.log(row.time);`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    env: { TZ: "Asia/Kolkata", NO_COLOR: "1" },
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "1795309384.010191\n");
});

/** Imports tasks with one state at each of these times. */
const importTimes = (db: Database, times: string[], timeZone = newYork) =>
  inFolder(async (folder) => {
    const values = times.map((time, i) => `(0, 's${i}', ${time}, 'r', 0)`);
    const path = makeDatabase(
      `${folder}/monitoring.db`,
      smallest(`INSERT INTO status VALUES ${values}`),
    );
    const { sources: [source] } = await importMonitoringDb(db, path, {
      timeZone,
    });
    db.run("CREATE TABLE came_to AS SELECT ? AS ambiguous", [
      source!.ambiguousTimes,
    ]);
  });

onDatabase(
  "importMonitoringDb() counts an invalid time and keeps the row",
  async (db) => {
    await importTimes(db, [
      "'soon'",
      "''",
      "x'00'",
      "NULL",
      "'2026-01-01 00:00:00'",
    ]);
    assert.deepEqual(rows(db, "SELECT timestamp_unix FROM monitoring_status"), [
      [null],
      [null],
      [null],
      [null],
      [1767243600],
    ]);
    assert.deepEqual(rows(db, "SELECT malformed, matched FROM source"), [[
      3,
      4,
    ]]);
    const events =
      "SELECT count(*), count(time) FROM event WHERE type LIKE 's_'";
    assert.deepEqual(rows(db, events), [[5, 1]]);
  },
);

onDatabase(
  "importMonitoringDb() reads a number as Unix seconds",
  async (db) => {
    await importTimes(db, ["1767243600", "1767243600.25"]);
    assert.deepEqual(rows(db, "SELECT timestamp_unix FROM monitoring_status"), [
      [1767243600],
      [1767243600.25],
    ]);
  },
);

onDatabase(
  "importMonitoringDb() counts ambiguous times",
  async (db) => {
    await importTimes(db, [
      "'2026-11-01 00:59:59'",
      "'2026-11-01 01:30:00'",
      "'2026-11-01 02:00:00'",
      "'2026-03-08 02:30:00'",
    ]);
    assert.equal(value(db, "SELECT ambiguous FROM came_to"), 1);
    assert.deepEqual(
      rows(db, "SELECT timestamp_unix FROM monitoring_status").flat(),
      [
        1793509199,
        1793511000,
        1793516400,
        1772955000,
      ],
    );
  },
);

onDatabase(
  "importMonitoringDb() reads times from columns declared TEXT",
  (db) =>
    inFolder(async (folder) => {
      const script = smallest(
        "INSERT INTO status VALUES (0, 's', '2026-01-01 00:00:00', 'r', 0)",
      );
      const path = makeDatabase(
        `${folder}/a`,
        script.replaceAll("DATETIME", "TEXT"),
      );
      await importMonitoringDb(db, path, { timeZone: "UTC" });
      assert.deepEqual(rows(db, "SELECT type, time FROM event ORDER BY type"), [
        ["began", 1767225600],
        ["s", 1767225600],
      ]);
    }),
);

onDatabase(
  "importMonitoringDb() refuses an unknown time zone before it reads",
  async (db) => {
    for (const timeZone of ["Mars/Olympus", "", "EST5EDT4"]) {
      await assert.rejects(importMonitoringDb(db, "nowhere", { timeZone }), {
        name: "RangeError",
        message:
          `there is no time zone ${JSON.stringify(timeZone)}: give a name ` +
          'of the IANA database, such as "Europe/Paris" or "UTC", as timeZone, ' +
          "--time-zone or in the variable TZ",
      });
    }
    assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 0);
  },
);

/** Values of TZ and their offsets in winter; undefined if refused. */
const variables = {
  "": 0,
  UTC0: 0,
  ":America/New_York": -5,
  "/usr/share/zoneinfo/America/New_York": -5,
  EST5EDT: -5,
  EST5: -5,
  "<+0545>-5:45": 5.75,
  "EST5EDT,M3.2.0,M11.1.0": undefined,
  "CET-1CEST": undefined,
  "Mars/Olympus": undefined,
};

for (const [variable, hours] of Object.entries(variables)) {
  onDatabase(
    `importMonitoringDb() reads or refuses TZ=${variable}`,
    (db) =>
      inFolder(async (folder) => {
        const path = makeDatabase(`${folder}/a`, smallest());
        const before = Deno.env.get("TZ");
        Deno.env.set("TZ", variable);
        try {
          const imported = importMonitoringDb(db, path);
          if (hours === undefined) {
            await assert.rejects(imported, {
              name: "RangeError",
              message: new RegExp(`no time zone "${variable}"`),
            });
            return;
          }
          await imported;
          assert.deepEqual(rows(db, "SELECT time FROM event"), [
            [Date.UTC(2026, 0, 1) / 1000 - hours * 3600],
          ]);
        } finally {
          if (before === undefined) Deno.env.delete("TZ");
          else Deno.env.set("TZ", before);
        }
      }),
  );
}
