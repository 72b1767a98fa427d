import { denoProgram, measure, pythonProgram } from "./measure.ts";
import type { Part } from "./part.ts";
import { pythonPackages } from "./python_packages.ts";
import { questions } from "./programs/questions.ts";
import { exponent, type Row } from "./table.ts";

const sizes = [1e4, 1e5, 1e6];

/** The questions that python/questions.py answers with pandas. */
const withPandas: Record<string, string> = {
  "bind": "bind",
  "spanTypes": "span_types",
  "eventsOf, named": "named_events",
  "eventsOf, all": "events",
  "eventSequences": "event_sequences",
  "timesBetween": "times_between",
  "statesOverTime": "states_over_time",
  "eventCounts": "event_counts",
};

/** Processor time of bind() and of each question, by the number of events. */
export const growth: Part = {
  name: "growth",
  about: "processor seconds by number of events, p in time = c * events^p, " +
    "the second time with the most of them, pandas for these, and sql.js",
  async run(folder) {
    for (const size of sizes) {
      await measure(
        denoProgram("synthetic.ts", fileOf(folder, size), `${size}`),
      );
    }
    const env = await pythonPackages();
    const rows: Row[] = [];
    for (const name of Object.keys(questions)) {
      const points: { size: number; seconds: number }[] = [];
      let again: number | undefined;
      for (const size of sizes) {
        const file = fileOf(folder, size);
        const { seconds, output } = await measure(
          denoProgram("ask.ts", file, name),
        );
        points.push({ size, seconds });
        again = output.again;
      }
      rows.push({
        "": name,
        ...Object.fromEntries(
          points.map(({ size, seconds }) => [inWords(size), seconds]),
        ),
        p: exponent(points.slice(-2)),
        again,
        [`sql.js, ${inWords(1e5)}`]: (await measure(
          denoProgram("ask.ts", fileOf(folder, 1e5), name, "sqljs"),
        )).seconds,
        pandas: await secondsOfPandas(
          fileOf(folder, sizes.at(-1)!),
          withPandas[name],
          env,
        ),
      });
    }
    return rows;
  },
};

async function secondsOfPandas(
  file: string,
  question: string | undefined,
  env: Record<string, string>,
): Promise<number | undefined> {
  if (!question) return undefined;
  const program = pythonProgram("questions.py", file, question);
  return (await measure({ ...program, env })).seconds;
}

const inWords = (size: number) => size.toLocaleString("en-US");
const fileOf = (folder: string, size: number) => `${folder}/events-${size}.db`;
