import type { Format } from "../format.ts";
import { isArrayOfRecords, recordsDocument } from "./document.ts";
import { recordsLog } from "./records_log.ts";

const fileName = /\.(?:jsonlog|jsonl|ndjson)$|^monitoring\.json$/;

/** JSON logs of any program: one record a line, or an array of records. */
export const json: Format = {
  name: "json",
  files: [
    {
      ...recordsDocument(),
      fileName,
      signature: isArrayOfRecords,
      // Any program's data may be such an array.
      needsName: true,
    },
    { ...recordsLog(), fileName },
  ],
  spanTypes: [],
  rules: [],
};
