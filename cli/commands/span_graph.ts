import { spanTypeDot, spanTypeGraph } from "dnpc/plots";
import { relatedTypes } from "dnpc/questions";
import { dataCommand, openAsked } from "../data.ts";
import { UsageError } from "../errors.ts";
import { say, writeTo } from "../output.ts";

export const spanGraphCommand = dataCommand(
  `span-graph: Draw the relations between types of spans

  An arrow leads from a type to the types that its spans contain. A dashed line
  connects two types that describe the same entities. The numbers count the
  pairs. Without -o, prints the graph in the DOT language of Graphviz; drawing
  does not need Graphviz.

  Options:
  -o, --output FILE  Draw to FILE, .svg, .png, .pdf or .html; or write .dot

  Examples:
  # Draw the graph
  dnpc span-graph runs.sqlite3 -o types.svg
  # List which types describe the same entities
  dnpc span-graph runinfo | grep dashed`,
  async (given) => {
    const path = given.value("output");
    const [ending] = /\.(dot|gv|svg|png|pdf|html)$/i.exec(path ?? ".dot") ?? [];
    if (ending === undefined) {
      throw new UsageError(
        `-o ${path} must end in .dot, .svg, .png, .pdf or .html`,
      );
    }
    using data = await openAsked(given);
    const relations = await data.query(relatedTypes());
    const types = await data.query(
      "SELECT type, count(*) AS spans FROM span GROUP BY type",
    );
    if (path !== undefined && !/dot|gv/i.test(ending)) {
      const chart = await spanTypeGraph(relations, { types });
      chart.save(path);
    } else {
      writeTo(path, (out) => out.write(spanTypeDot(relations, { types })));
    }
    if (path !== undefined) say(`wrote ${path}`);
  },
);
