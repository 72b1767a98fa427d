import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { contents } from "./contents.ts";
import { randomNumbers } from "./damage.ts";
import { rows } from "./databases.ts";
import {
  filesNamed,
  larger,
  managerLogs,
  repositorySets,
  writeFiles,
} from "./logs.ts";

const sets = [...repositorySets, managerLogs, larger("multi-load")];

for (const { name, path, ignore } of sets) {
  Deno.test({
    name: `importRuninfo() of growing logs gives the same content [${name}]`,
    ignore,
    fn: () =>
      inFolder(async (temporary) => {
        const folder = await Deno.realPath(temporary);
        const random = randomNumbers(17);
        // Logs that are written sequentially.
        const logs = filesNamed(path, /(log|transactions|performance|graph)$/)
          .map((log) => ({
            log: log.slice(path.length + 1),
            bytes: Deno.readFileSync(log),
          })).toArray();
        using db = await openDatabase(undefined, { engine: "native" });
        const outcomes = new Set<string>();
        let lengths = logs.map(() => 0);
        for (let stage = 0; stage < 5; stage++) {
          lengths = logs.map(({ bytes }, i) =>
            stage === 4 ? bytes.length : Math.floor(
              lengths[i]! + random() * (bytes.length - lengths[i]!),
            )
          );
          await writeFiles(
            folder,
            Object.fromEntries(
              logs.map(({ log, bytes }, i) => [
                log,
                Uint8Array.from(bytes.subarray(0, lengths[i]!)),
              ]),
            ),
          );
          const report = await importRuninfo(db, folder);
          for (const { outcome } of report.sources) outcomes.add(outcome);
        }
        assert.ok(outcomes.has("grown"));
        using whole = await openDatabase(undefined, { engine: "native" });
        await importRuninfo(whole, folder);
        assert.deepEqual(contents(db, folder), contents(whole, folder));
        const records = "SELECT count(*), sum(line) FROM log_record";
        assert.deepEqual(rows(db, records), rows(whole, records));
      }),
  });
}
