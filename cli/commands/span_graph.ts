import { renderPng } from "../../display/png.ts";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { dotOfTypes } from "../dot.ts";
import { UsageError } from "../errors.ts";
import { say } from "../output/say.ts";
import { standardOutput } from "../output/sink.ts";
import { printable } from "../printable.ts";

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
        `a graph is written as .dot, .svg or .png; ${
          printable(path)
        } ends in ` +
          "none",
      );
    }
    using db = await openSpans(given);
    const dot = dotOfTypes(db);
    if (path === undefined) {
      using out = standardOutput();
      out.write(dot);
      return;
    }
    if (ending === "svg") Deno.writeTextFileSync(path, await drawn(dot));
    else if (ending === "png") {
      Deno.writeFileSync(path, renderPng(await drawn(dot), 2));
    } else Deno.writeTextFileSync(path, dot);
    say(`wrote ${path}`);
  },
};

/** The SVG of a graph. Graphviz, as WebAssembly, is loaded when it is used. */
async function drawn(dot: string): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  return graphviz.layout(dot, "svg", "dot");
}
