// A lower bound for importing text logs in Deno: read them, run one regular
// expression on every line, and insert an event for each line about a task.
import { DatabaseSync } from "node:sqlite";

const [folder = "", file = ""] = Deno.args;
const db = new DatabaseSync(file);
db.exec("CREATE TABLE event (task INTEGER, time REAL, type TEXT)");
db.exec("BEGIN");
const rows = 64;
const insert = db.prepare(
  `INSERT INTO event VALUES ${new Array(rows).fill("(?, ?, ?)").join(", ")}`,
);
const one = db.prepare("INSERT INTO event VALUES (?, ?, ?)");
const pattern =
  /^(\d+\.\d+) .* (?:INFO|DEBUG): (?:Parsl task|Task) (\d+) (submitted|changing state|completed|has AppFuture|will|try)/;
let waiting: (string | number)[] = [];
const buffer = new Uint8Array(1 << 20);
for (const path of logsBelow(folder)) read(path);
for (let i = 0; i < waiting.length; i += 3) {
  one.run(...waiting.slice(i, i + 3));
}
db.exec("COMMIT");
db.close();

function read(path: string): void {
  using log = Deno.openSync(path);
  const decoder = new TextDecoder();
  let rest = "";
  for (let count; (count = log.readSync(buffer)) !== null;) {
    const text = rest +
      decoder.decode(buffer.subarray(0, count), { stream: true });
    let start = 0;
    for (let end; (end = text.indexOf("\n", start)) >= 0; start = end + 1) {
      const match = pattern.exec(text.slice(start, end));
      if (!match) continue;
      waiting.push(Number(match[2]), Number(match[1]), match[3]!);
      if (waiting.length === 3 * rows) {
        insert.run(...waiting);
        waiting = [];
      }
    }
    rest = text.slice(start);
  }
}

function* logsBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* logsBelow(path);
    else if (name.endsWith(".log")) yield path;
  }
}
