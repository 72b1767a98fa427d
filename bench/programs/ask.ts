// Asks a database one question twice, and prints the processor seconds of each.
import { openDatabase } from "dnpc/sql";
import { cpuSeconds, peakMemory } from "../measure.ts";
import { questions } from "./questions.ts";

const [file = "", name = "", engine = "native"] = Deno.args;
using db = await openDatabase(file, engine === "sqljs" ? { engine } : {});
const ask = () => {
  const start = cpuSeconds();
  questions[name]!(db);
  return cpuSeconds() - start;
};
const seconds = ask();
const memory = peakMemory();
console.log(JSON.stringify({ seconds, memory, again: ask() }));
