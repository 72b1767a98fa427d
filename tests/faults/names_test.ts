import { fileURLToPath } from "node:url";
import { strict as assert } from "node:assert";
import { parquetReadObjects } from "hyparquet";
import {
  compareSpans,
  coverage,
  eventCounts,
  eventSequences,
  eventsOf,
  logVolume,
  nestedSpans,
  relatedTypes,
  spanLinks,
  spansBetween,
  spanTypes,
  statesOverTime,
  story,
  timesBetween,
  whereIsEveryTask,
} from "dnpc/questions";
import {
  bind,
  type Database,
  implies,
  insertRows,
  openDatabase,
  relabel,
  type Rule,
  sql,
  widen,
} from "dnpc/sql";
import { permissionsOf } from "../../tools/permissions.ts";
import { inFolder } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";
import { figures } from "./figures.ts";
import { poisons, stored, without } from "./poisons.ts";

const counted = figures("names and values in SQL and in exports");

/** Guests board and leave ships; `word` transforms every name. */
function makeWorld(db: Database, word: (name: string) => string): void {
  const guest = (line: string, times: number[]) => ({
    type: word("guest"),
    attributes: {
      [word("line")]: word(line),
      [word("ship")]: word("a"),
      [word("friends")]: [word("b"), word("c")],
    },
    events: times.map((time, i) =>
      [time, word(i % 2 ? "leaves" : "boards")] as const
    ),
  });
  addSpans(db, [
    { type: word("ship"), attributes: { [word("ship")]: word("a") } },
    guest("white", [1, 5]),
    guest("blue", [2, 3, 7, 9]),
    guest("white", [4]),
    { type: word("port"), attributes: { [word("line")]: word("white") } },
  ]);
  db.exec("UPDATE event_type SET named = 1");
  insertRows(db, "log_record", ["entry"], [
    [JSON.stringify({ [word("line")]: word("white") })],
    [JSON.stringify({
      [word("ship")]: word("a"),
      [word("line")]: word("red"),
    })],
  ]);
  insertRows(db, "metric", ["span_id", "time", "metric", "name", "value"], [
    [2, 1, word("weight"), word("bags"), 5],
  ]);
}

/** The results of every helper. */
async function answers(word: (name: string) => string): Promise<unknown> {
  using db = await openDatabase(undefined, { engine: "native" });
  makeWorld(db, word);
  const rules: Rule[] = [
    {
      subspan: [word("ship"), word("guest")],
      on: [word("ship")],
      key: word("line"),
    },
    { facet: [word("ship"), word("port")], on: [word("line")] },
    { implies: [word("ship")], gives: [word("port")] },
    { context: word("line"), type: word("all") },
  ];
  const [boards, leaves] = ["boards", "leaves"].map((event) => ({
    span: word("guest"),
    event: word(event),
  })) as [{ span: string; event: string }, { span: string; event: string }];
  const by = [word("line")];
  const bound = bind(db, rules);
  const ask = (query: Parameters<Database["query"]>[0]) => [...db.query(query)];
  const found = {
    bound,
    widened: widen(db, { [word("sea")]: word("north") }),
    relabelled: [
      relabel(db, { [word("line")]: { [word("white")]: word("grey") } }),
      relabel(db, { [word("line")]: word("route") }, { table: "log_record" }),
    ],
    implied: implies(db, [
      { implies: [word("ship")], gives: [word("line")] },
    ]),
    records: [
      ...widen([{ [word("a")]: 1 }], { [word("b")]: word("c") }),
      ...relabel([{ [word("a")]: word("b") }], { [word("a")]: word("d") }),
    ],
    nested: ask(nestedSpans(word("ship"))),
    chosen: ask(
      nestedSpans(sql`SELECT id FROM span WHERE type = ${word("ship")}`),
    ),
    links: ask(spanLinks(word("guest"), word("friends"))),
    events: ask(eventsOf(word("ship"), {
      spanTypes: [word("guest")],
      eventTypes: [word("boards"), word("leaves")],
      events: "all",
    })),
    times: ask(timesBetween({ from: boards, to: leaves, which: "each" })),
    between: ask(spansBetween({ from: boards, to: leaves, by })),
    counts: ask(eventCounts({ event: boards, per: 2, by })),
    states: ask(statesOverTime(word("guest"), {
      eventTypes: [word("boards"), word("leaves")],
      order: [word("boards"), word("leaves")],
    })),
    types: ask(spanTypes()),
    related: ask(relatedTypes()),
    sequences: eventSequences(db, word("guest")),
    compared: compareSpans(db, {
      all: word("guest"),
      late: sql`SELECT id FROM span WHERE type = ${word("guest")} AND id > 2`,
    }),
    // In words, names have spaces in place of underscores.
    story: story(db, { [word("ship")]: word("a") })
      .map(({ about: _about, text: _text, who: _who, ...row }) => row),
    volume: [...logVolume(db)],
    coverage: [...coverage(db)],
    places: ask(whereIsEveryTask()),
    tables: ask(
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1",
    ),
    counts_now: ask(
      "SELECT (SELECT count(*) FROM span), (SELECT count(*) FROM event)",
    ),
  };
  return found;
}

let plain: Promise<unknown> | undefined;

for (const [claim, poison] of Object.entries(poisons)) {
  Deno.test(`every helper gives the same result with ${claim} in all names`, async () => {
    // SQL names may not contain every character: such names are rejected.
    const expected = without(
      "\uffff",
      await (plain ??= answers((name) => name)),
    );
    counted.inputs++;
    const word = (name: string) =>
      poison === "\0x" || poison === "\ud800"
        ? name + stored(poison)
        : name + poison;
    const found = without(poison, await answers(word));
    counted.rows += JSON.stringify(expected).split("{").length;
    assert.deepEqual(found, expected);
    counted.survived++;
  });
}

/** Parses CSV as in RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
  for (let match; cell.lastIndex < text.length && (match = cell.exec(text));) {
    const [, value, end] = match as unknown as [string, string, string];
    rows.at(-1)!.push(
      value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value,
    );
    if (end !== "," && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

Deno.test("dnpc export writes hostile names and values unchanged", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.sqlite3`;
    const values = Object.values(poisons).map(stored);
    {
      using db = await openDatabase(path);
      makeWorld(db, (name) => name + stored(poisons["Robert's"]!));
      db.exec("CREATE TABLE mine (a TEXT, b TEXT)");
      insertRows(db, "mine", ["a", "b"], values.map((value) => [value, "end"]));
      const name = sql.id(`t"'; DROP TABLE span; --`);
      db.run(sql`CREATE TABLE ${name} (${sql.id('c"')} TEXT)`);
      db.run(sql`INSERT INTO ${name} VALUES (${values[2]!})`);
      // A worker with a task, so that the trace is not empty.
      insertRows(
        db,
        "span",
        ["type", "key", "attributes"],
        ["executor", "htex.manager", "htex.worker", "htex.worker.task"].map(
          (type, i) => [
            type === "executor" ? "parsl.executor" : `parsl.executor.${type}`,
            `${i}${values[3]}`,
            JSON.stringify({
              rundir: values[3],
              executor: values[4],
              manager: values[5],
              worker: values[11],
              executor_task: values[13],
            }),
          ],
        ),
      );
    }
    const dnpc = async (...args: string[]) => {
      counted.inputs++;
      const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));
      const { success, stdout, stderr } = await new Deno.Command(
        Deno.execPath(),
        {
          args: ["run", ...permissionsOf("dnpc"), cli, "export", path, ...args],
        },
      ).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      counted.survived++;
      return new TextDecoder().decode(stdout);
    };
    await dnpc("--to", "csv", "-o", `${folder}/csv`, "--table", "mine");
    const [head, ...cells] = readCsv(
      await Deno.readTextFile(`${folder}/csv/mine.csv`),
    );
    assert.deepEqual(head, ["a", "b"]);
    assert.deepEqual(cells, values.map((value) => [value, "end"]));
    await dnpc("--to", "csv", "-o", `${folder}/all`);
    const outside = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(outside.sort(), ["a.sqlite3", "all", "csv"]);
    const query = ["--query", "SELECT a, b FROM mine ORDER BY rowid"];
    await dnpc("--to", "parquet", "-o", `${folder}/mine.parquet`, ...query);
    const bytes = await Deno.readFile(`${folder}/mine.parquet`);
    const file = bytes.buffer as ArrayBuffer;
    assert.deepEqual(
      await parquetReadObjects({ file }),
      values.map((a) => ({ a, b: "end" })),
    );
    counted.rows += 2 * values.length;
    JSON.parse(await dnpc("--to", "perfetto"));
    using db = await openDatabase(path);
    assert.equal(db.query("SELECT * FROM mine").length, values.length);
  }));
