// Asks one question of a database, and prints the seconds.
import { openDatabase } from "dnpc/sql";
import { peakMemory } from "../measure.ts";
import { questions } from "./questions.ts";

const [file = "", name = "", engine = "native"] = Deno.args;
using db = await openDatabase(
  file,
  engine === "sqljs" ? { engine } : {},
);
const start = performance.now();
questions[name]!(db);
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, memory: peakMemory("self") }));
