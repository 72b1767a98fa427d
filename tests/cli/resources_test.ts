import assert from "node:assert/strict";
import { inPlace, output, rowsOf } from "./shell.ts";

Deno.test("dnpc resources adds up samples, and draws them", () =>
  inPlace(async (place) => {
    const rows = rowsOf(
      await output(place, "dnpc resources runs.sqlite3 --by run"),
    );
    const [sampled] = rowsOf(
      await output(
        place,
        'dnpc sql runs.sqlite3 "SELECT max(psutil_process_memory_resident) ' +
          'AS memory, min(timestamp_unix) AS start FROM monitoring_resource"',
      ),
    );
    const { memory, start } = sampled!;
    // The largest task, whose samples are the metrics.
    assert.equal(
      Math.max(...rows.map(({ largest }) => Number(largest))),
      Number(memory),
    );
    assert.ok(Math.abs(Number(rows[0]!.time) - Number(start)) < 1e-3);
    const { stderr } = await place.shell(
      "dnpc resources runs.sqlite3 cpu --by host -o cores.svg",
    );
    assert.match(
      stderr,
      /drew cores\.svg: At most \d[\d.]* cores\./,
    );
    const none = await place.shell("dnpc resources runs.sqlite3 gpus");
    assert.equal(none.code, 125);
    assert.match(none.stderr, /no log has the gpus of tasks: a log of Work/);
  }));
