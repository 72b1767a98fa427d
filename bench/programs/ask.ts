// Asks one question of a database twice, and prints the processor seconds.
import process from "node:process";
import { openDatabase } from "dnpc/sql";
import { peakMemory } from "../measure.ts";
import { changing, questions } from "./questions.ts";

const [file = "", name = "", engine = "native"] = Deno.args;
using db = await openDatabase(
  file,
  engine === "sqljs" ? { engine } : {},
);
const seconds = ask();
const memory = peakMemory("self");
const again = changing.has(name) ? undefined : ask();
console.log(JSON.stringify({ seconds, memory, again }));

function ask(): number {
  const start = process.cpuUsage();
  questions[name]!(db);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
