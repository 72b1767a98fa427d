import { importOf } from "./imports.ts";
import { largeTextLogs } from "./inputs.ts";
import { denoProgram, measure } from "./measure.ts";
import { megabytes, type Row } from "./table.ts";

/**
 * A run of 26,000 tasks, imported into a database and into a campaign, and
 * questions about that run repeated: 10 and 40 times, or as BENCH_RUNS says. With
 * DNPC_SPARK_PYTHON, a Python with pyspark and pyarrow, Spark is asked, too, in
 * two worker processes.
 */
export async function campaigns(folder: string): Promise<Row[]> {
  const runinfo = largeTextLogs(folder);
  const dir = `${folder}/campaign`;
  const rows: Row[] = [];
  const imports = {
    "import into a database": importOf(runinfo, `${folder}/runs.db`),
    "import into a campaign": denoProgram("import_campaign.ts", runinfo, dir),
  };
  for (const [name, program] of Object.entries(imports)) {
    const { wall, cpu, memory } = await measure(program);
    rows.push({
      "": name,
      runs: "1",
      s: wall,
      "CPU s": cpu,
      "peak MB": megabytes(memory),
    });
  }
  const python = Deno.env.get("DNPC_SPARK_PYTHON");
  const sizes = Deno.env.get("BENCH_RUNS") ?? "10,40";
  for (const runs of sizes.split(",").map(Number)) {
    await measure(denoProgram("repeat_run.ts", dir, String(runs)));
    for (const name of questions) {
      const asked = denoProgram("ask_campaign.ts", dir, name);
      const inDuckDB = { ...asked, env: { DNPC_SPARK_PYTHON: "" } };
      const { output, memory } = await measure(inDuckDB);
      // Spark's processes are not the program's own, so only its time is known.
      const spark = python && questionsOfSpark.has(name)
        ? (await measure(asked)).output.seconds
        : undefined;
      rows.push({
        "": name,
        runs: String(runs),
        s: output.seconds,
        "CPU s": output.cpu,
        "peak MB": megabytes(memory),
        "Spark, s": spark,
      });
      // The last takes long.
      console.error(JSON.stringify(rows.at(-1)));
    }
  }
  return rows;
}

const questions = [
  "timesBetween",
  "timesBetween of a run",
  "statesOverTime",
  "spansBetween",
  "event orders",
  "compare",
  "durationFactors",
  "outlierRuns",
  "runTrends",
  "database of a run",
];

const questionsOfSpark = new Set([
  "timesBetween",
  "statesOverTime",
  "event orders",
]);
