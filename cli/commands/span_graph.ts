import { spanTypeDot, spanTypeGraph } from "dnpc/plots";
import { relatedTypes } from "dnpc/questions";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import { say } from "../output/say.ts";
import { standardOutput } from "../output/sink.ts";
import { visible } from "../../display/text/untrusted.ts";

export const spanGraphCommand: Command = {
  name: "span-graph",
  summary: "Which type of span holds or equals which: DOT, SVG, PNG",
  about: [
    "An arrow goes from a type to what its spans hold, a dashed line is between " +
    "two accounts of the same things; the number is that of the pairs. Without " +
    "-o the graph is printed in the DOT language of Graphviz, which need not be " +
    "installed for the others.",
  ],
  arguments: [dataArgument],
  options: {
    output: {
      short: "o",
      value: "FILE",
      says: "Draw into FILE, .svg or .png; or write .dot",
    },
    ...dataOptions,
  },
  examples: [
    {
      says: "Drawn",
      line: "dnpc span-graph runs.sqlite3 -o types.svg",
    },
    {
      says: "What equals what",
      line: "dnpc span-graph runinfo | grep dashed",
    },
  ],
  async run(given) {
    const path = given.value("output");
    const ending = path &&
      /\.(dot|gv|svg|png)$/i.exec(path)?.[1]?.toLowerCase();
    if (path !== undefined && !ending) {
      throw new UsageError(
        `a graph is written as .dot, .svg or .png; ${visible(path)} ends in ` +
          "none",
      );
    }
    using db = await openSpans(given);
    const relations = db.query(relatedTypes());
    const types = db.query(
      "SELECT type, count(*) AS spans FROM span GROUP BY type",
    );
    if (path === undefined) {
      using out = standardOutput();
      out.write(spanTypeDot(relations, { types }));
      return;
    }
    if (ending === "svg" || ending === "png") {
      const chart = await spanTypeGraph(relations, { types });
      chart.save(path);
    } else Deno.writeTextFileSync(path, spanTypeDot(relations, { types }));
    say(`wrote ${path}`);
  },
};
