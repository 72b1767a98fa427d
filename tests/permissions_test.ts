import assert from "node:assert/strict";
import { inCheckout } from "../tools/checkout.ts";

/** Runs a module with these permissions alone, in a folder. */
async function run(
  folder: string,
  permissions: readonly string[],
  ...args: string[]
): Promise<{ code: number; out: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--quiet", ...permissions],
      ...[`--config=${inCheckout("deno.json")}`, ...args],
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

const logs = inCheckout("tests", "fixtures", "tz", "runinfo");
const read = "--allow-read=runs.sqlite3";
const events = ["parsl.rundir.try/launched", "parsl.rundir.try/exec_done"];
const chart = (path: string) => [
  "times-between",
  ...["runs.sqlite3", ...events, "-o", path],
];

Deno.test("each command needs the files that it is given, and no more", () =>
  inFolder(async (folder) => {
    const cases: [permissions: string[], args: string[]][] = [
      [
        [
          `--allow-read=${logs},runinfo,runs.sqlite3`,
          "--allow-write=runs.sqlite3",
        ],
        ["import", "runinfo", "-o", "runs.sqlite3", "--quiet"],
      ],
      [[read], ["sql", "runs.sqlite3", "SELECT count(*) FROM span"]],
      [[read], ["span-types", "runs.sqlite3"]],
      [[read], ["coverage", "runs.sqlite3"]],
      [[read], ["metrics", "runs.sqlite3"]],
      [[read], ["event-sequences", "runs.sqlite3", "parsl.rundir.try"]],
      [[read], ["story", "runs.sqlite3", "task=0"]],
      [[read], ["times-between", "runs.sqlite3", ...events]],
      [[read], ["export", "runs.sqlite3", "--to", "perfetto"]],
      ...["a.svg", "a.html", "a.csv", "a.json"].map((
        file,
      ): [string[], string[]] => [
        [read, `--allow-write=${file}`],
        chart(file),
      ]),
      [
        [read, "--allow-write=report.html"],
        ["report", "runs.sqlite3", "-o", "report.html"],
      ],
      [
        [`${read},csv`, "--allow-write=csv"],
        ["export", "runs.sqlite3", "--to", "csv", "-o", "csv"],
      ],
      [
        ["--allow-read", "--allow-write=a.png"].concat(
          ["--allow-ffi", "--allow-sys", "--allow-env"],
        ),
        chart("a.png"),
      ],
    ];
    for (const [permissions, args] of cases) {
      const { code, out } = await run(
        folder,
        permissions,
        inCheckout("cli.ts"),
        ...args,
      );
      assert.equal(code, 0, `${args.join(" ")}: ${out}`);
      assert.doesNotMatch(out, /Requires|--allow/, args.join(" "));
    }
  }));

Deno.test("a permission that is missing is named, and nothing is written", () =>
  inFolder(async (folder) => {
    const { code, out } = await run(
      folder,
      [`--allow-read=${logs},runinfo`],
      ...[inCheckout("cli.ts"), "import", "runinfo", "-o", "runs.sqlite3"],
    );
    assert.notEqual(code, 0);
    assert.match(out, /Requires (read|write) access/);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(left, ["runinfo"]);
  }));

Deno.test("the library imports, asks and draws SVG with permission to read the logs alone", () =>
  inFolder(async (folder) => {
    const script = `${folder}/script.ts`;
    await Deno.writeTextFile(
      script,
      `import { importRuninfo, openDatabase, spansInState, statesOverTime }
         from "dnpc";
       using db = await openDatabase();
       await importRuninfo(db, "runinfo");
       const rows = db.query(statesOverTime("parsl.rundir.try"));
       const { svg, caption, html } = spansInState(rows);
       console.log(svg.length > 1000, html().length > 1000, caption);`,
    );
    const { code, out } = await run(
      folder,
      [`--allow-read=${logs},runinfo`],
      script,
    );
    assert.equal(code, 0, out);
    // As "dnpc span-types" counts them in a database on disk.
    assert.match(out, /^true true 70 spans in /m);
  }));

Deno.test("README.md names each permission that there is to give", async () => {
  const text = await Deno.readTextFile(inCheckout("README.md"));
  const [, section] = text.split("### Permissions");
  for (const kind of ["read", "write", "ffi", "sys", "env"]) {
    assert.ok(section!.split("\n## ")[0]!.includes(`--allow-${kind}`), kind);
  }
  assert.doesNotMatch(section!.split("\n## ")[0]!, /--allow-(net|run|all)/);
});
