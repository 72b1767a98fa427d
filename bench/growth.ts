import { denoProgram, measure } from "./measure.ts";
import type { Part } from "./part.ts";
import { questions } from "./programs/questions.ts";
import { exponent, type Row } from "./table.ts";

const sizes = [1e4, 1e5, 1e6];

/** How the time of bind, and of each helper of sql/, grows with the events. */
export const growth: Part = {
  name: "growth",
  about: "seconds by how many events there are, and p in time = c * events^p",
  async run(folder) {
    for (const size of sizes) {
      await measure(
        denoProgram("synthetic.ts", fileOf(folder, size), `${size}`),
      );
    }
    const rows: Row[] = [];
    for (const name of Object.keys(questions)) {
      const points: { size: number; seconds: number }[] = [];
      for (const size of sizes) {
        const file = fileOf(folder, size);
        const { seconds } = await measure(denoProgram("ask.ts", file, name));
        points.push({ size, seconds });
      }
      rows.push({
        "": name,
        ...Object.fromEntries(
          points.map((
            { size, seconds },
          ) => [size.toLocaleString("en-US"), seconds]),
        ),
        p: exponent(points.slice(-2)),
      });
    }
    return rows;
  },
};

const fileOf = (folder: string, size: number) => `${folder}/events-${size}.db`;
