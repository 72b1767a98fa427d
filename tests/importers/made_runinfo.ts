import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { importRuninfo } from "dnpc/importers";
import { lines } from "dnpc/questions";
import { createSchema, type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { writeFiles } from "./logs.ts";
import { contentOfRuns, logsOfRun, type MadeRun } from "./made_runs.ts";

const last: MadeRun = { id: "run-of-b2", start: 1_795_900_000 };

const made: readonly MadeRun[] = [
  { id: "run-of-a", start: 1_795_000_000 },
  { id: "run-of-b1", start: 1_795_800_000, later: [last] },
  last,
  // Without a parsl.log, only content identifies a run.
  { start: 1_795_300_000 },
  { start: 1_795_400_000 },
];

/** A run directory, with the logs of a run up to a number of tasks. */
interface Held {
  run: number;
  tasks: number;
}

const places = ["000", "001", "old/000", "002"];
const place = fc.constantFrom(...places);

const create = fc.record({
  do: fc.constant("create" as const),
  run: fc.nat(made.length - 1),
  at: place,
});

const change = fc.oneof(
  { weight: 3, arbitrary: create },
  fc.record({ do: fc.constant("move" as const), at: place, to: place }),
  fc.record({ do: fc.constant("copy" as const), at: place, to: place }),
  fc.record({ do: fc.constant("delete" as const), at: place }),
  fc.record({ do: fc.constant("grow" as const), at: place }),
  {
    weight: 3,
    arbitrary: fc.record(
      { do: fc.constant("import" as const), at: place, file: fc.nat(2) },
      { requiredKeys: ["do"] },
    ),
  },
);

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Applies changes to a folder and to a description of it. */
async function apply(
  folder: string,
  held: Map<string, Held>,
  change: Exclude<Change, { do: "import" }>,
): Promise<void> {
  const put = async (at: string, { run, tasks }: Held) => {
    if (held.has(at)) await Deno.remove(`${folder}/${at}`, { recursive: true });
    held.set(at, { run, tasks });
    await writeFiles(`${folder}/${at}`, logsOfRun(made[run]!, tasks));
  };
  const { at } = change;
  const present = held.get(at);
  if (change.do === "create") {
    return await put(at, { run: change.run, tasks: 1 });
  }
  if (!present) return;
  if (change.do === "grow") {
    return await put(at, { ...present, tasks: present.tasks + 1 });
  }
  if (change.do !== "delete") {
    if (change.to === at) return;
    await put(change.to, present);
    if (change.do === "copy") return;
  }
  held.delete(at);
  await Deno.remove(`${folder}/${at}`, { recursive: true });
}

/** The content of a new database of logs, given by run and path. */
async function fresh(logs: readonly SeenLog[]): Promise<string[]> {
  let content: string[] = [];
  await inFolder(async (folder) => {
    for (const { run, file, tasks } of logs) {
      const { [file]: log } = logsOfRun(made[run]!, tasks);
      await writeFiles(folder, { [`${run}/${file}`]: log! });
    }
    using db = await openDatabase(undefined, { engine: "native" });
    createSchema(db);
    await importRuninfo(db, folder, { timeZone: "UTC", progress: false });
    content = contentOfRuns(db);
  });
  return content;
}

/** A log of a run, with the most tasks that an import has found in it. */
interface SeenLog {
  run: number;
  file: string;
  tasks: number;
}

/** What imports have found: by log and place, the tasks in it. */
class Seen {
  #logs = new Map<string, Map<string, number>>();

  /** An import of some logs, given by place. */
  import(
    held: ReadonlyMap<string, Held>,
    logs: readonly (readonly [place: string, file: string])[],
  ): void {
    for (const [place, file] of logs) {
      const { run, tasks } = held.get(place)!;
      const seen = this.#logs.getOrInsertComputed(
        `${run} ${file}`,
        () => new Map(),
      );
      for (const other of seen.keys()) {
        if (held.get(other)?.run !== run) seen.delete(other);
      }
      seen.set(place, tasks);
    }
  }

  hasRunId({ run }: Held): boolean {
    return this.#logs.has(`${run} parsl.log`);
  }

  get logs(): SeenLog[] {
    return Array.from(this.#logs, ([log, seen]) => {
      const [run = "", file = ""] = log.split(" ");
      return { run: Number(run), file, tasks: Math.max(...seen.values()) };
    });
  }
}

/** Lines are found where the directory of their run is, if there is one. */
function assertLines(
  db: Database,
  folder: string,
  held: ReadonlyMap<string, Held>,
): void {
  const events = db.query<{ event_id: number; rundir: string }>(
    `SELECT event.id AS event_id, rundir FROM event
     JOIN source ON source.id = source_id`,
  );
  const places = new Set(held.keys().map((place) => `${folder}/${place}`));
  for (const [i, { text, problem }] of lines(db, events).entries()) {
    if (places.has(events[i]!.rundir)) assert.ok(text, problem!);
    else assert.match(problem!, / is gone$/);
  }
}

/**
 * Any sequence of changes and imports leaves what a new import of the same logs
 * gives.
 *
 * @param onRows receives the number of rows that were compared
 */
export const isAsFresh = (onRows: (rows: number) => void = () => {}) =>
  fc.asyncProperty(
    fc.array(change, { minLength: 4, maxLength: 14 }),
    async (sequence) => {
      const held = new Map<string, Held>();
      const seen = new Seen();
      await inFolder(async (temporary) => {
        const folder = await Deno.realPath(temporary);
        using db = await openDatabase(undefined, { engine: "native" });
        createSchema(db);
        const read = async (at?: string, number?: number) => {
          const files = [...held].filter(([place]) =>
            at === undefined || place === at
          )
            .flatMap(([place, { run }]) =>
              Object.keys(logsOfRun(made[run]!, 1))
                .map((file) => [place, file] as const)
            );
          if (files.length === 0) return;
          let path = at === undefined ? folder : `${folder}/${at}`;
          // Later, nothing could tell to which run a log belongs.
          const one = at === undefined ? undefined : files[number ?? -1];
          const isAlone = one && (seen.hasRunId(held.get(at!)!) ||
            one[1] === "parsl.log");
          if (isAlone) path += `/${one[1]}`;
          await importRuninfo(db, path, { timeZone: "UTC", progress: false });
          seen.import(held, isAlone ? [one] : files);
        };
        for (const one of sequence) {
          if (one.do !== "import") await apply(folder, held, one);
          else await read(one.at, one.file);
        }
        await read();
        const content = contentOfRuns(db);
        assert.deepEqual(content, await fresh(seen.logs));
        onRows(content.join("\n").split("\n").length);
        assertLines(db, folder, held);
      });
    },
  );
