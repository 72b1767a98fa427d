import { pathToFileURL } from "node:url";
import { launchBrowser } from "../tools/browser.ts";
import { importOf } from "./imports.ts";
import { largeTextLogs } from "./inputs.ts";
import { denoProgram, measure } from "./measure.ts";
import { repeatLogs, shiftIds, shiftTasks } from "./repeat.ts";
import { megabytes, type Row } from "./table.ts";

const fixture = "tests/fixtures/htex-2026/runinfo";
/** Bytes and tasks of its logs. */
const once = { bytes: 289_520, tasks: 62 };
const bytesOf = (tasks: number) => tasks / once.tasks * once.bytes;

const inputs: Record<string, (folder: string) => string> = {
  "a run of 26,000 tasks": largeTextLogs,
  "a run of 100,000 tasks, repeated": (folder) => {
    repeatLogs(
      fixture,
      folder,
      bytesOf(100_000),
      (text, copy) => shiftTasks(text, copy, 20),
    );
    return folder;
  },
  "20 runs of 2,000 tasks, repeated": (folder) => {
    for (let run = 0; run < 20; run++) {
      repeatLogs(
        `${fixture}/000`,
        `${folder}/${String(run).padStart(3, "0")}`,
        bytesOf(2000),
        (text, copy) => shiftRun(shiftTasks(text, copy, 20), run),
      );
    }
    return folder;
  },
};

/** Another run, some minutes later. */
const shiftRun = (text: string, run: number): string =>
  shiftIds(text, run).replace(
    /(?<=^|"created": "?)\d{10}(?=\.)/gm,
    (time) => String(Number(time) + 1500 * run),
  );

/** Writing the explorer of large runs, and opening it in Chromium. */
export async function explorer(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, write] of Object.entries(inputs)) {
    const database = `${folder}/runs.db`;
    const file = `${folder}/report.html`;
    await measure({ ...importOf(write(`${folder}/${name}`), database) });
    const written = await measure({
      ...denoProgram("report.ts", database, file),
      file,
    });
    const { drawn, ready } = await open(file);
    rows.push({
      "": name,
      "tasks": written.output.tasks,
      "events": written.output.events,
      "written, CPU s": written.output.seconds,
      "peak MB": megabytes(written.memory),
      "page MB": megabytes(written.size),
      "drawn, s": drawn,
      "all there, s": ready,
    });
    await Deno.remove(database);
  }
  return rows;
}

/**
 * Seconds until the tasks are drawn, and until all views are there: the least of
 * five, as other programs may use the machine.
 */
async function open(file: string): Promise<{ drawn: number; ready: number }> {
  await using browser = await launchBrowser();
  const times: { drawn: number; ready: number }[] = [];
  for (let round = 0; round < 5; round++) {
    await using page = await browser.openPage(pathToFileURL(file), {
      width: 1400,
      height: 900,
    });
    await page.page.waitForSelector("html[data-ready]");
    const { drawn, ready } = await page.evaluate(() => ({
      // deno-lint-ignore no-explicit-any
      ...(globalThis as any).document.documentElement.dataset,
    }));
    times.push({ drawn: Number(drawn) / 1000, ready: Number(ready) / 1000 });
  }
  const least = (name: "drawn" | "ready") =>
    Math.min(...times.map((time) => time[name]));
  return { drawn: least("drawn"), ready: least("ready") };
}
