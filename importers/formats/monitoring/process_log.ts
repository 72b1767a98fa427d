import { basename, dirname } from "node:path";
import type { LogFormat } from "../format.ts";
import { inExecutor } from "../parsl/layout.ts";

/**
 * The log of one of the processes that bring monitoring messages to the
 * database, such as database_manager.log. All its events belong to that
 * process.
 */
export const processLog: LogFormat = {
  importer: "monitoring.log",
  fileName: /^(?:database_manager|monitoring_\w+)\.log$/,
  place(path) {
    const process = basename(path).replace(/\.\w+$/, "");
    const place = process === "monitoring_zmq_router"
      ? inExecutor(path)
      : { path, rundir: dirname(path) };
    return { ...place, process };
  },
  open(writer, { rundir, executor = "", process = "" }) {
    const self = writer.kind(
      "parsl.monitoring.process",
      { rundir, ...executor && { executor } },
      ["process"],
    );
    return {
      read(record) {
        writer.message(self.id(process), record.message, record);
        return "matched";
      },
      process: () => self.id(process),
    };
  },
};
