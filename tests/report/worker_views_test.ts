import { importRuninfo } from "dnpc/importers";
import { report } from "dnpc/report";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { tzLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport } from "./open_report.ts";
import { canvasData, countIn, countWork, inView, work } from "./stream_page.ts";

const manyManagers = "tests/fixtures/multi-htex.tar.gz";

Deno.test(
  "report(): filters by executor, manager, worker and host come from the address",
  inBrowser,
  () =>
    onReport(manyManagers, async (page, db) => {
      const { page: tab } = page;
      const [most] = db.query<{ manager: string; n: number }>(
        `SELECT manager, count(*) AS n FROM ${work}
        WHERE worker = '0' GROUP BY manager ORDER BY n DESC LIMIT 1`,
      );
      const { manager, n } = most!;
      const show = async (state: Record<string, string>) => {
        await tab.evaluate(
          // deno-lint-ignore no-explicit-any
          (hash) => void ((globalThis as any).location.hash = hash),
          String(new URLSearchParams(state)),
        );
        return await inView(page);
      };
      assert.equal(await show({ manager, worker: "0" }), n);
      assert.equal((await canvasData(page)).lanes, "1");
      assert.equal(await countIn(page, "#durations"), n);
      assert.equal(
        await show({ manager }),
        countWork(db, `manager = '${manager}'`),
      );
      assert.equal(await show({ host: "no such host" }), 0);
      assert.equal(
        await show({ executor: "htex_many", app: "left" }),
        countWork(db, "app = 'left'"),
      );
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): without the logs of workers, tasks are packed in lanes of their executor",
  inBrowser,
  () =>
    inFolder(async (folder) => {
      // Two folders above it, so that parsl.log is that of a run directory.
      const run = `${await Deno.realPath(folder)}/runinfo/000`;
      await Deno.mkdir(run, { recursive: true });
      const log = Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`);
      await Deno.writeTextFile(`${run}/parsl.log`, log);
      await onReport(`${folder}/runinfo`, async (page) => {
        // grep -o "Task [0-9]* submitted" parsl.log | sort -u | wc -l: 62.
        const tasks = new Set(log.match(/Task \d+ submitted/g));
        assert.equal(tasks.size, 62);
        assert.equal(await inView(page), tasks.size);
        assert.match(
          (await page.page.textContent("#in-view"))!,
          /^62 tasks in view/,
        );
        const { lanes } = await canvasData(page);
        assert.ok(Number(lanes) > 2 && Number(lanes) < 62);
        assert.equal(await countIn(page, "#durations"), 62);
        assert.deepEqual(page.errors, []);
      });
    }),
);

Deno.test(
  "report(): queues and metrics over time are those of the logs",
  inBrowser,
  () =>
    onReport(manyManagers, async (page, db) => {
      const { page: tab } = page;
      const options = await tab.locator("#metric option").allTextContents();
      const names = db.query<{ name: string }>(
        "SELECT DISTINCT metric || ': ' || name AS name FROM metric",
      ).map(({ name }) => name.replaceAll("_", " "));
      assert.ok(names.length > 3);
      assert.deepEqual(
        new Set(options.filter((option) => option !== "queue lengths")),
        new Set(names),
      );
      await tab.selectOption("#metric", "managers count: ready");
      await canvasData(page);
      // One for each run: it has one executor.
      const [{ n }] = db.query<{ n: number }>(
        `SELECT count(DISTINCT span_id) AS n FROM metric
        WHERE metric = 'managers_count' AND name = 'ready'`,
      ) as [{ n: number }];
      assert.equal(
        Number(await tab.locator("#series").getAttribute("data-series")),
        n,
      );
      assert.match(tab.url(), /metric=managers\+count/);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): the stream of a run without tasks says so",
  inBrowser,
  () =>
    onReport("tests/fixtures/academy", async (page) => {
      assert.match((await page.page.textContent("#stream"))!, /^No task/);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test("report() of one run has only its attempts", async () => {
  using db = await openDatabase();
  await importRuninfo(db, manyManagers);
  const html = report(db, { run: "001" });
  const [, base64] = /id="stream-data">([^<]*)/.exec(html)!;
  const { attempts, runs } = await new Response(
    new Blob([Uint8Array.fromBase64(base64!)]).stream()
      .pipeThrough(new DecompressionStream("gzip")),
  ).json();
  assert.deepEqual(runs.map(({ run }: { run: string }) => run), ["001"]);
  assert.equal(
    attempts.ran.filter((ran: number) => ran === 1).length,
    countWork(db, "rundir LIKE '%/001'"),
  );
});
