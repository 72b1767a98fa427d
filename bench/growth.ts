import { importOf } from "./imports.ts";
import { inputs } from "./inputs.ts";
import { denoProgram, measure, pythonProgram, race } from "./measure.ts";
import { questions } from "./programs/questions.ts";
import { pythonPackages } from "./python_packages.ts";
import { megabytes, type Row } from "./table.ts";

/** Each importer at 1, 4 and 16 times the input. */
export async function importers(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, { importer, write }] of Object.entries(inputs)) {
    const points: Point[] = [];
    for (const times of scale) {
      const below = await Deno.makeTempDir({ dir: folder });
      const program = importOf(
        write(below, times * inputBytes),
        `${below}/imported.db`,
        { importer },
      );
      points.push(await measure(program));
      await Deno.remove(below, { recursive: true });
    }
    const [, middle, last] = points;
    const { seconds, bytes, spans } = last!.output;
    const newSpans = spans! - middle!.output.spans!;
    rows.push({
      "": name,
      "MB/s": megabytes(bytes!) / seconds!,
      ...growth(points),
      "bytes/span": newSpans > 0
        ? (last!.memory - middle!.memory) / newSpans
        : undefined,
    });
  }
  return rows;
}

/** bind(), each question and the report at 1, 4 and 16 times the events. */
export async function questionsAndReport(folder: string): Promise<Row[]> {
  const files: string[] = [];
  for (const times of scale) {
    files.push(await syntheticRun(folder, times * eventCount));
  }
  const rows: Row[] = [];
  for (const name of Object.keys(questions)) {
    const points: Point[] = [];
    for (const file of files) {
      points.push(await measure(denoProgram("ask.ts", file, name)));
    }
    const inMemory = await measure(
      denoProgram("ask.ts", files[1]!, name, "sqljs"),
    );
    rows.push({
      "": name,
      ...growth(points),
      "again at 16": points.at(-1)!.output.again,
      "sql.js at 4": inMemory.output.seconds,
    });
  }
  return rows;
}

/** Questions about a million events, beside the same with pandas. */
export async function withPandas(folder: string): Promise<Row[]> {
  const file = await syntheticRun(folder, 1e6);
  await measure(denoProgram("ask.ts", file, "bind"));
  const env = await pythonPackages();
  const rows: Row[] = [];
  for (const [name, inPandas] of Object.entries(pandasQuestions)) {
    const [own, pandas] = await race([
      denoProgram("ask.ts", file, name),
      { ...pythonProgram("questions.py", file, inPandas), env },
    ]);
    rows.push({
      "": name,
      "dnpc, s": own!.output.seconds,
      "again": own!.output.again,
      "pandas, s": pandas!.output.seconds,
      "pandas / dnpc": pandas!.output.seconds! / own!.output.seconds!,
      "pandas / again": pandas!.output.seconds! / own!.output.again!,
      "dnpc, MB": megabytes(own!.memory),
      "pandas, MB": megabytes(pandas!.memory),
    });
  }
  return rows;
}

async function syntheticRun(folder: string, events: number): Promise<string> {
  const file = `${folder}/events-${events}.db`;
  await measure({
    ...denoProgram("synthetic.ts", file, String(events)),
    file,
  });
  return file;
}

/** What python/questions.py answers. */
const pandasQuestions = {
  "spanTypes": "span_types",
  "eventsOf, named": "named_events",
  "eventsOf, all": "events",
  "eventSequences": "event_sequences",
  "timesBetween": "times_between",
  "statesOverTime": "states_over_time",
  "eventCounts": "event_counts",
};

/** A measurement at one size. */
type Point = Pick<
  Awaited<ReturnType<typeof measure>>,
  "memory" | "output"
>;

const scale = [1, 4, 16];
const inputBytes = 4e6;
const eventCount = 32_500;

/**
 * Processor seconds of the work alone, and the exponent p in time = c * size^p
 * of the two largest sizes, where constant costs count least; peak memory of the
 * process.
 */
export function growth(points: readonly Point[]): Row {
  const [one, four, sixteen] = points.map(({ output }) => output.seconds!);
  const [least, middle, most] = points
    .map(({ memory }) => megabytes(memory));
  return {
    "s at 1": one,
    "at 4": four,
    "at 16": sixteen,
    "exponent": Math.log(sixteen! / four!) / Math.log(4),
    "MB at 1": least,
    "at 4 ": middle,
    "at 16 ": most,
    "ratio": most! / least!,
  };
}
