import type { Format } from "../format.ts";
import { recordsLog } from "./records_log.ts";

/** JSON logs of any program: one record a line. */
export const json: Format = {
  name: "json",
  files: [
    {
      ...recordsLog(),
      fileName: /\.(?:jsonlog|jsonl|ndjson)$|^monitoring\.json$/,
    },
  ],
  spanTypes: [],
  rules: [],
};
