// A lower bound for importing parsl.log: read it, run one regular expression on
// every line, and insert an event for each line about a task.
import { DatabaseSync } from "node:sqlite";

const [path = "", file = ""] = Deno.args;
const start = performance.now();
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
let [lines, events] = [0, 0];
let waiting: (string | number)[] = [];
let rest = "";
const decoder = new TextDecoder();
using log = Deno.openSync(path);
const buffer = new Uint8Array(1 << 20);
for (let count; (count = log.readSync(buffer)) !== null;) {
  const text = rest + decoder.decode(buffer.subarray(0, count));
  let start = 0;
  for (let end; (end = text.indexOf("\n", start)) >= 0; start = end + 1) {
    lines++;
    const match = pattern.exec(text.slice(start, end));
    if (!match) continue;
    events++;
    waiting.push(Number(match[2]), Number(match[1]), match[3]!);
    if (waiting.length === 3 * rows) {
      insert.run(...waiting);
      waiting = [];
    }
  }
  rest = text.slice(start);
}
for (let i = 0; i < waiting.length; i += 3) {
  one.run(...waiting.slice(i, i + 3));
}
db.exec("COMMIT");
db.close();
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, lines, events }));
