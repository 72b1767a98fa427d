import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import {
  askPython,
  makeDatabase,
  rows,
  smallest,
} from "../importers/databases.ts";
import { inFolder } from "../sql/engines.ts";
import { figures, isWhole } from "./figures.ts";

const counted = figures("time zones");

// Winter, summer, and moments that a clock of New York skips or shows twice.
const locals = [
  "2026-01-01 00:00:00",
  "2026-07-01 12:30:00",
  "2026-03-08 02:30:00",
  "2026-11-01 01:30:00",
];

const source = smallest(
  locals.slice(1).map((local) =>
    `INSERT INTO status VALUES (0, 'exec_done', '${local}', 'r', 0);`
  ).join(""),
);

/** The times of the events, as this zone reads them. */
async function timesIn(
  path: string,
  zone: { timeZone?: string; TZ?: string },
): Promise<unknown[]> {
  using db = await openDatabase(undefined, { engine: "native" });
  const before = Deno.env.get("TZ");
  if (zone.TZ !== undefined) Deno.env.set("TZ", zone.TZ);
  try {
    const options = zone.timeZone === undefined
      ? {}
      : { timeZone: zone.timeZone };
    await importMonitoringDb(db, path, options);
  } catch (error) {
    assert.deepEqual(rows(db, "SELECT * FROM sqlite_schema"), []);
    throw error;
  } finally {
    if (before === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", before);
  }
  return rows(db, "SELECT time FROM event ORDER BY type, line").flat();
}

async function assertTimes(
  path: string,
  zone: { timeZone?: string; TZ?: string },
  expected: number[],
): Promise<void> {
  counted.inputs++;
  counted.rows += expected.length;
  assert.deepEqual(await timesIn(path, zone), expected, JSON.stringify(zone));
  counted.survived++;
}

/** Prints each zone that Python knows, and its Unix times. */
const python = `
import json, sys
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones
locals = json.loads(sys.argv[1])
for zone in sorted(available_timezones()):
    read = lambda local: datetime.fromisoformat(local).replace(
        tzinfo=ZoneInfo(zone)).timestamp()
    print(json.dumps([zone, *map(read, locals)]))
`;

Deno.test("an import reads times in every zone as Python does", () =>
  inFolder(async (folder) => {
    const path = makeDatabase(`${folder}/monitoring.db`, source);
    const answer = await askPython(python, JSON.stringify(locals));
    const zones = (answer ?? "").split("\n").filter(Boolean)
      .map((line): [string, ...number[]] => JSON.parse(line));
    for (const [i, [zone, ...expected]] of zones.entries()) {
      if (!isWhole && i % 50 !== 0) continue;
      // Rules of these are not in the data of ICU.
      if (/^(Factory|localtime|right\/|posix\/)/.test(zone)) continue;
      await assertTimes(path, { timeZone: zone }, expected);
      if (i % 5 === 0) await assertTimes(path, { TZ: zone }, expected);
      if (i % 25 === 0) await assertTimes(path, { TZ: `:${zone}` }, expected);
    }
  }));

Deno.test("an import reads the fixed offsets of POSIX in TZ", () =>
  inFolder(async (folder) => {
    const path = makeDatabase(`${folder}/monitoring.db`, source);
    const utc = locals.map((local) => Date.parse(`${local}Z`) / 1000);
    await assertTimes(path, { TZ: "" }, utc);
    for (let hours = -14; hours <= 12; hours += isWhole ? 1 : 7) {
      for (const minutes of [0, 30, 45]) {
        const behind = hours * 3600 + Math.sign(hours || 1) * minutes * 60;
        const expected = utc.map((time) => time + behind);
        const text = `${hours}${minutes ? `:${minutes}` : ""}`;
        for (const name of ["EST", "<+0545>", "LONGNAME"]) {
          await assertTimes(path, { TZ: name + text }, expected);
        }
      }
    }
  }));

const unknown = [
  "Mars/Olympus",
  "EST5EDT4",
  "CET-1CEST",
  "EST5EDT,M3.2.0,M11.1.0",
  "Europe",
  "Europe/",
  "../../etc/passwd",
  "America/New_York\0",
  "America/New York",
  "+25:00",
  "UTC; DROP TABLE span",
  "\u202eCTU",
  "a".repeat(100_000),
];

Deno.test("an import refuses an unknown zone before it writes", () =>
  inFolder(async (folder) => {
    const path = makeDatabase(`${folder}/monitoring.db`, source);
    const asVariable = unknown.filter((zone) => !zone.includes("\0"));
    for (
      const zone of [
        ...["", ...unknown].map((timeZone) => ({ timeZone })),
        ...asVariable.map((TZ) => ({ TZ })),
      ]
    ) {
      counted.inputs++;
      await assert.rejects(timesIn(path, zone), {
        name: "RangeError",
        message:
          /^there is no time zone ".*": give a name of the IANA database/,
      });
      counted.survived++;
    }
  }));
