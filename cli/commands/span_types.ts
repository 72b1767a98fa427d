import { spanTypes } from "dnpc/questions";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { checkRowOptions, rowOptions, writeQuery } from "../output/rows.ts";

export const spanTypesCommand: Command = {
  name: "span-types",
  summary: "What is in there: the types of span, and how many",
  about: [
    "A row for each type: how many spans, how many events, how many of these " +
    "have a name; first and last, in Unix seconds; the attributes that spans of " +
    "the type have; and the component that describes it.",
  ],
  arguments: [dataArgument],
  options: { ...rowOptions, ...dataOptions },
  examples: [
    { says: "As a table", line: "dnpc span-types runs.sqlite3 --format table" },
    {
      says: "The names alone",
      line: "dnpc span-types runinfo --no-header | cut -f 1",
    },
  ],
  async run(given) {
    checkRowOptions(given);
    using db = await openSpans(given);
    writeQuery(given, db, spanTypes());
  },
};
