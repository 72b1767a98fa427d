import { interchangeLog } from "../htex/interchange_log.ts";
import { managerLog } from "../htex/manager_log.ts";
import { workerLog } from "../htex/worker_log.ts";
import type { LogFormat } from "../format.ts";
import { jsonBeginning } from "../../lines/json_lines.ts";
import { processLog } from "../monitoring/process_log.ts";
import { withLexicalSpans } from "../parsl/lexical_spans.ts";
import { parslLog } from "../parsl/parsl_log.ts";
import { runOfJsonLog } from "../parsl/run_of_json_log.ts";

// What a JSON log says is what the text log says, in the same words or nearly
// so: only its lines begin otherwise, and some have ids that no text has.
function asJson(format: LogFormat, importer: string): LogFormat {
  return {
    ...format,
    importer,
    records: "unmatched",
    beginning: jsonBeginning,
    open: (writer, place, surroundings) =>
      withLexicalSpans(
        format.open(writer, place, surroundings),
        writer,
        place,
      ),
  };
}

/** parsl.jsonlog. */
export const parslJsonLog: LogFormat = {
  ...asJson(parslLog, "parsl.jsonlog"),
  look: runOfJsonLog,
};

/** interchange.jsonlog. */
export const interchangeJsonLog = asJson(interchangeLog, "interchange.jsonlog");

/** manager.jsonlog. */
export const managerJsonLog = asJson(managerLog, "manager.jsonlog");

/** worker_N.jsonlog. */
export const workerJsonLog = asJson(workerLog, "worker.jsonlog");

/** database_manager.jsonlog. */
export const processJsonLog = asJson(processLog, "monitoring.jsonlog");
