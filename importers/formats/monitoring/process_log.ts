import type { LogFormat } from "../format.ts";

/**
 * The log of one of the processes that bring monitoring messages to the
 * database, such as database_manager.log: all that it says is said of that
 * process.
 */
export const processLog: LogFormat = {
  importer: "monitoring.log",
  open(writer, { rundir, executor = "", process = "" }) {
    const self = writer.kind(
      "parsl.monitoring.process",
      { rundir, ...executor && { executor } },
      ["process"],
    );
    return {
      read(record) {
        writer.message(self.id(process), record.message, record);
        return "understood";
      },
    };
  },
};
