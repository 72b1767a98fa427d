/**
 * A dashboard: a page of numbers and two charts, made of the JSON of a summary.
 *
 *     deno task dnpc summary RUNINFO --json > summary.json
 *     deno run --allow-read --allow-write --allow-sys examples/dashboard.ts
 *
 * Reads summary.json and writes dashboard.html in the current directory. The
 * schema of the JSON is fixed: see docs/reference/summary.md.
 */
import { workerTimeBars } from "dnpc/plots";
import type { Summary } from "dnpc/questions";

const { version, ...summary }: Summary = JSON.parse(
  Deno.readTextFileSync("summary.json"),
);
if (version !== 1) throw new RangeError(`version ${version} is not 1`);

// Names and messages come from logs: any of them may hold markup.
const escaped = (text: unknown): string =>
  String(text ?? "").replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`);

const table = (head: string[], rows: unknown[][]): string =>
  `<table><tr>${head.map((it) => `<th>${it}</th>`).join("")}</tr>` +
  rows.map((row) =>
    `<tr>${row.map((it) => `<td>${escaped(it)}</td>`).join("")}</tr>`
  ).join("") + "</table>";

const runs = table(
  ["run", "workflow", "began (UTC)", "length (s)", "tasks", "failed"],
  summary.runs.map((run) => [
    run.run,
    run.workflow,
    run.began_unix_seconds &&
    new Date(1000 * run.began_unix_seconds).toISOString().slice(0, 19),
    run.length_seconds?.toFixed(1) ?? "did not end",
    run.tasks,
    run.failed_tasks + run.dependent_tasks,
  ]),
);

const failures = table(
  ["why tasks failed", "tasks", "recovered", "such as"],
  summary.failures.map((cause) => [
    [cause.exception, cause.message].filter(Boolean).join(": "),
    cause.failed_tasks,
    cause.recovered_tasks,
    cause.such_as,
  ]),
);

const workers = workerTimeBars(
  summary.workers.flatMap(({ run, uses }) =>
    uses.map(({ use, seconds }) => ({ run, use, seconds }))
  ),
  { title: "What the workers did", width: 720 },
);

const tasks = workerTimeBars(
  summary.typical_tasks.map(({ run, place, median_seconds }) => (
    { run, use: place, seconds: median_seconds }
  )),
  {
    title: "Where a typical task was",
    caption: "Medians of the times that tasks of a run were at each place.",
    scale: "amounts",
    width: 720,
  },
);

const odd = summary.odd.map(({ run, text }) =>
  `<li>${escaped(run)}: ${escaped(text)}</li>`
);

Deno.writeTextFileSync(
  "dashboard.html",
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Runs</title>
<style>
:root { color-scheme: light dark }
body { font: 15px system-ui, sans-serif; margin: 24px; max-width: 760px }
div { overflow-x: auto }
table { border-collapse: collapse }
th, td { text-align: left; padding: 4px 14px 4px 0; vertical-align: top }
svg { max-width: 100%; height: auto }
</style>
<h1>${summary.runs.length} runs</h1>
<div>${runs}</div>
<h2>Failures</h2>
<div>${failures}</div>
${workers.svg}
${tasks.svg}
<h2>Odd</h2>
<ul>${odd.join("")}</ul>
</html>
`,
);
console.log(`Saved dashboard.html: ${summary.runs.length} runs`);
