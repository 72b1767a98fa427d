import type { Database } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { attributesOf, eventTexts, withFiles } from "./logs.ts";

const line = (message: string, second = 42) =>
  `17953440${second}.000000 2026-11-22 10:40:${second} MainProcess-1 MainThread-2 parsl.x:1 f DEBUG: ${message}\n`;

const launched =
  line("[Scaling executor htex] Launched block 0 with job ID 17") +
  line("[Scaling executor htex] Launched block 1 with job ID 18");

for (
  const [provider, pending, running] of [
    // slurm.py of Parsl 2026 and 1.1, lsf.py, kube.py
    [
      "Slurm",
      "Updating job 17 with slurm status PENDING to parsl state JobState.PENDING",
      "Updating job 17 with slurm status COMPLETING to parsl state JobState.RUNNING",
    ],
    [
      "Slurm, Parsl 1.1",
      "Updating job 17 with slurm status PD to parsl status JobState.PENDING",
      "Updating job 17 with slurm status R to parsl status JobState.RUNNING",
    ],
    // What str.format makes of an Enum of bytes in Python 3.6 to 3.10.
    [
      "Kubernetes, Parsl 2022",
      "Updating pod 17 with status Pending to parsl status 1",
      "Updating pod 17 with status Running to parsl status 2",
    ],
    [
      "LSF",
      "Updating job 17 with LSF status PEND to parsl state JobState.PENDING",
      "Updating job 17 with LSF status RUN to parsl state JobState.RUNNING",
    ],
    [
      "Kubernetes",
      "Updating pod 17 with status Pending to parsl status JobState.PENDING",
      "Updating pod 17 with status Running to parsl status JobState.RUNNING",
    ],
  ] as const
) {
  Deno.test(`parsl.log: a block has the states of its job [${provider}]`, () =>
    withFiles({
      "000/parsl.log": launched + line(pending) + line(pending, 43) +
        line(running, 44) +
        line("Updating missing job 17 to completed status", 45) +
        line("Updating missing job 99 to completed status", 46),
    }, (db) => {
      const block = "parsl.executor.block htex";
      const events = eventTexts(db);
      // Asked again, the provider logs the same once more.
      assert.match(
        events.splice(3, 1)[0]!,
        /^4 parsl\.executor\.block htex\/0: Updating /,
      );
      assert.deepEqual(events, [
        `1 ${block}/0: launched`,
        `2 ${block}/1: launched`,
        `3 ${block}/0: PENDING`,
        `5 ${block}/0: RUNNING`,
        `6 ${block}/0: COMPLETED`,
      ]);
    }));
}

const outputs = (db: Database) =>
  rows(
    db,
    `SELECT span.attributes ->> 'block', event.type,
       event.attributes ->> 'more'
     FROM event JOIN span ON span.id = span_id JOIN source
       ON source.id = event.source_id
     WHERE importer = 'submit_scripts' ORDER BY path`,
  );

const scripts = "000/submit_scripts";
const job = `${scripts}/parsl.my.htex.block-0.1795000001.5.sh`;

Deno.test("importRuninfo() reads how the submit script of a block ended", () =>
  withFiles({
    "000/parsl.log": line(
      "[Scaling executor my.htex] Launched block 0 with job ID 17",
    ),
    [job]: "#!/bin/bash\nprocess_worker_pool.py\n",
    [`${job}.ec`]: "127\n",
    [`${job}.out`]: "Found cores : 4\n",
    [`${job}.err`]: "line 2: process_worker_pool.py: command not found\n",
    // Slurm's, and a script that has not ended.
    [`${scripts}/parsl.my.htex.block-1.1795000002.25.stderr`]: "slurmstepd\n",
    [`${scripts}/parsl.my.htex.block-2.1795000003.0.sh.ec`]: "-\n",
    "000/elsewhere/parsl.my.htex.block-3.1795000001.5.sh.ec": "1\n",
  }, (db, { notRead }) => {
    const executor = "my.htex";
    assert.deepEqual(attributesOf(db, "parsl.executor.block"), [
      { executor, block: "0", job: "17", exit_code: 127 },
      { executor, block: "1" },
      { executor, block: "2" },
    ]);
    assert.deepEqual(outputs(db), [
      ["0", "exited", null],
      ["0", "stderr", "line 2: process_worker_pool.py: command not found"],
      ["0", "stdout", "Found cores : 4"],
      ["1", "stderr", "slurmstepd"],
    ]);
    assert.deepEqual(notRead.map(({ path }) => path.split("/000/")[1]), [
      "elsewhere/parsl.my.htex.block-3.1795000001.5.sh.ec",
      "submit_scripts/parsl.my.htex.block-0.1795000001.5.sh",
    ]);
  }));

Deno.test("importRuninfo() keeps the last 4 KiB of a submit script's output", () =>
  withFiles({
    // 20,000 lines of 10 bytes
    [`${job}.out`]: "123456789\n".repeat(20_000),
  }, (db, { sources: [source] }) => {
    const [[, , text]] = outputs(db) as [[string, string, string]];
    // 4096 bytes are 409 whole lines; the last newline is left out.
    assert.equal(text.length, 1 + 409 * 10 - 1);
    assert.equal(source?.lines, 20_000);
  }));

Deno.test("importRuninfo() reads exit codes of equal content in every block and run", () =>
  withFiles(
    Object.fromEntries(
      ["000", "001"].flatMap((run) =>
        [0, 1].map((block) => [
          `${run}/submit_scripts/parsl.htex.block-${block}.1795000001.5.sh.ec`,
          "1\n",
        ])
      ),
    ),
    (db) =>
      assert.deepEqual(
        attributesOf(db, "parsl.executor.block").map(({ exit_code }) =>
          exit_code
        ),
        [1, 1, 1, 1],
      ),
  ));
