import assert from "node:assert/strict";
import about from "../deno.json" with { type: "json" };
import { commands } from "../cli/commands.ts";
import { inCheckout } from "../tools/checkout.ts";
import { permissionsOf } from "../tools/permissions.ts";
import { isWhole } from "./faults/figures.ts";

/** Runs a module in a folder with only these permissions. */
async function run(
  folder: string,
  permissions: readonly string[],
  ...args: string[]
): Promise<{ code: number; out: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      ...permissions,
      `--config=${inCheckout("deno.json")}`,
      ...args,
    ],
    cwd: folder,
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: text.join("") };
}

async function inFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.symlink(
      inCheckout("tests", "fixtures", "tz", "runinfo"),
      `${folder}/runinfo`,
    );
    await work(await Deno.realPath(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const fixtures = (...names: string[]) =>
  inCheckout("tests", "fixtures", ...names);
const logs = fixtures("tz", "runinfo");
const read = "--allow-read=runs.sqlite3";
const events = ["parsl.rundir.try/launched", "parsl.rundir.try/exec_done"];
const native = ["--allow-ffi", "--allow-sys=cpus,hostname,networkInterfaces"];
const images = "types.png,a.png";
const texts = "types.svg,types.dot,a.svg,a.html,a.csv,a.json,report.html";

/** In the fast suite the same for all files of a kind: see below. */
function writing(path: string): string[] {
  const isImage = path.endsWith(".png");
  const paths = isWhole ? path : isImage ? images : texts;
  const reading = isImage ? ["--allow-read", ...native] : [read];
  return [...reading, `--allow-write=${paths}`];
}

/** For each command: its arguments and its permissions. */
const cases: Record<string, [args: string[], permissions: string[]][]> = {
  import: [
    [
      ["runinfo", "-o", "runs.sqlite3", "--quiet"],
      [
        `--allow-read=${logs},runinfo,runs.sqlite3`,
        "--allow-write=runs.sqlite3",
      ],
    ],
    [
      [fixtures("multi-htex.tar.gz"), "-o", "packed.sqlite3", "--quiet"],
      [
        `--allow-read=${fixtures("multi-htex.tar.gz")},packed.sqlite3`,
        "--allow-write=packed.sqlite3",
      ],
    ],
  ],
  summary: [[["runs.sqlite3"], [read]]],
  runs: [[["runs.sqlite3"], [read]]],
  failures: [[["runs.sqlite3"], [read]]],
  tasks: [[["runs.sqlite3"], [read]]],
  "span-types": [[["runs.sqlite3"], [read]]],
  "span-graph": [
    [["runs.sqlite3"], [read]],
    ...["types.svg", "types.png", "types.dot"].map((
      path,
    ): [string[], string[]] => [["runs.sqlite3", "-o", path], writing(path)]),
  ],
  "event-sequences": [[["runs.sqlite3", "parsl.rundir.try"], [read]]],
  durations: [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  "times-between": [
    [["runs.sqlite3", ...events], [read]],
    ...["a.svg", "a.html", "a.csv", "a.json", "a.png"].map((
      path,
    ): [string[], string[]] => [
      ["runs.sqlite3", ...events, "-o", path],
      writing(path),
    ]),
  ],
  "spans-in-state": [
    [["runs.sqlite3", "parsl.rundir.try"], [read]],
    [["runs.sqlite3", "--places", "-o", "a.svg"], writing("a.svg")],
  ],
  story: [[["runs.sqlite3", "task=0"], [read]]],
  lines: [[["runs.sqlite3", "parsl.log:1"], [`${read},${logs}`]]],
  "log-volume": [[["runs.sqlite3"], [read]]],
  sql: [[["runs.sqlite3", "SELECT count(*) FROM span"], [read]]],
  metrics: [[["runs.sqlite3"], [read]]],
  resources: [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  bottleneck: [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  "worker-time": [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  idle: [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  utilisation: [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  attempts: [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  blocks: [[["runs.sqlite3"], [read]]],
  coverage: [[["runs.sqlite3"], [read]]],
  compare: [
    [["packed.sqlite3", "9fc3cf4b", "edeb1429"], [
      "--allow-read=packed.sqlite3",
    ]],
    [["packed.sqlite3", "-o", "a.svg"], [
      "--allow-read=packed.sqlite3,a.svg",
      "--allow-write=a.svg",
    ]],
  ],
  gate: [[["runs.sqlite3", "runs.sqlite3"], [read]]],
  trends: [
    [["runs.sqlite3"], [read]],
    [["runs.sqlite3", "-o", "a.svg"], writing("a.svg")],
  ],
  outliers: [[["runs.sqlite3"], [read]]],
  factors: [[["runs.sqlite3"], [read]]],
  "critical-path": [[["runs.sqlite3"], [read]]],
  export: [
    [["runs.sqlite3", "--to", "perfetto"], [read]],
    ...["csv", "parquet"].map((form): [string[], string[]] => [
      ["runs.sqlite3", "--to", form, "-o", form],
      [`${read},${form}`, `--allow-write=${form}`],
    ]),
  ],
  report: [
    [["runs.sqlite3", "-o", "report.html"], writing("report.html")],
    [[logs, "-o", "report.html"], [
      `--allow-read=${logs}`,
      "--allow-write=report.html",
    ]],
  ],
};

Deno.test("each command needs access only to the files in its arguments", () =>
  inFolder(async (folder) => {
    const names = commands.map(({ name }) => name);
    assert.deepEqual(Object.keys(cases), names);
    const all = Object.entries(cases).flatMap(([name, cases]) =>
      cases.map(([args, permissions]) => ({
        args: [name, ...args],
        permissions,
      }))
    );
    // In the fast suite, commands with the same permissions share a process, which
    // takes longer to start than most commands to run.
    const groups = Map.groupBy(
      all,
      ({ args, permissions }) => (isWhole ? args : permissions).join(" "),
    );
    for (const group of groups.values()) {
      const lines = group.map(({ args }) => args);
      const { code, out } = await run(
        folder,
        group[0]!.permissions,
        ...lines.length > 1
          ? [inCheckout("tests/cli/several.ts"), JSON.stringify(lines)]
          : [inCheckout("cli.ts"), ...lines[0]!],
      );
      assert.equal(code, 0, `${JSON.stringify(lines)}: ${out}`);
      assert.doesNotMatch(out, /Requires|--allow/, JSON.stringify(lines));
    }
  }));

Deno.test("dnpc has the permissions in README.md, and each is needed", async () => {
  const readme = await Deno.readTextFile(inCheckout("README.md"));
  const [, installed] = /^deno install (.*?) cli\.ts$/ms.exec(readme)!;
  const flags = installed!.match(/--(allow|deny|no-prompt)\S*/g);
  assert.deepEqual(flags, permissionsOf("dnpc"));
  // Each permission is needed by some command.
  const needed = Object.values(cases).flat().flatMap(([, flags]) => flags);
  for (const flag of permissionsOf("dnpc")) {
    if (!flag.startsWith("--allow")) continue;
    const isExtra = ["--allow-write", "--allow-env=TZ"].includes(flag);
    assert.ok(needed.includes(flag) || isExtra, flag);
  }
});

Deno.test("dnpc names a missing permission, and writes nothing", () =>
  inFolder(async (folder) => {
    const { code, out } = await run(
      folder,
      [`--allow-read=${logs},runinfo`],
      inCheckout("cli.ts"),
      "import",
      "runinfo",
      "-o",
      "runs.sqlite3",
    );
    assert.notEqual(code, 0);
    assert.match(out, /Requires (read|write) access/);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(left, ["runinfo"]);
  }));

Deno.test("the library imports, queries and draws SVG with read permission for the logs only", () =>
  inFolder(async (folder) => {
    const script = `${folder}/script.ts`;
    const packed = fixtures("multi-htex.tar.gz");
    await Deno.symlink(packed, `${folder}/packed.tar.gz`);
    await Deno.writeTextFile(
      script,
      `import { importRuninfo, openDatabase, spansInState, statesOverTime }
         from "dnpc";
       using db = await openDatabase();
       await importRuninfo(db, "runinfo");
       const rows = db.query(statesOverTime("parsl.rundir.try"));
       const { svg, caption, html } = spansInState(rows);
       console.log(svg.length > 1000, html().length > 1000, caption);
       const report = await importRuninfo(db, "packed.tar.gz");
       console.log("packed", report.sources.length > 20);`,
    );
    const { code, out } = await run(
      folder,
      [`--allow-read=${logs},runinfo,${packed},packed.tar.gz`],
      script,
    );
    assert.equal(code, 0, out);
    // The same numbers as from "dnpc span-types" on a database file.
    assert.match(out, /^true true 70 tries in /m);
    assert.match(out, /^packed true$/m);
  }));

Deno.test("README.md names every permission that a command may need", async () => {
  const text = await Deno.readTextFile(inCheckout("README.md"));
  const section = text.split("### Permissions")[1]!.split("\n## ")[0]!;
  const all = Object.values(cases).flat().flatMap(([, flags]) => flags);
  const given = all.map((flag) => flag.split("=")[0]!);
  for (const flag of new Set(given)) assert.ok(section.includes(flag), flag);
  assert.doesNotMatch(section, /--allow-(net|run|env|all)/);
});

Deno.test("the tests have limited permissions, and no access to other machines", () => {
  const flags = permissionsOf("test");
  assert.ok(flags.includes("--no-prompt") && flags.includes("--deny-import"));
  assert.ok(flags.includes("--allow-net=127.0.0.1"));
  for (const task of ["dnpc", "test", "test:faults"] as const) {
    assert.ok(!about.tasks[task].includes("--allow-all"), task);
    assert.match(about.tasks[task], /deno run --no-prompt --deny-import/);
  }
});
