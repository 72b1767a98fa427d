import { spanTypes } from "dnpc/questions";
import { rowsCommand } from "../rows.ts";

export const spanTypesCommand = rowsCommand({
  name: "span-types",
  summary: "List the types of spans, with counts",
  about: [
    "Prints a row per type: number of spans, of events, and of events with a " +
    "name; first and last, in Unix seconds; the attributes of its spans; and " +
    "the component that wrote them.",
  ],
  arguments: [],
  options: {},
  examples: [
    {
      help: "Show the types as a table",
      line: "dnpc span-types runs.sqlite3 --format table",
    },
    {
      help: "List the names alone",
      line: "dnpc span-types runinfo --no-header | cut -f 1",
    },
  ],
  question: () => spanTypes,
});
