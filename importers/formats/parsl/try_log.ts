import { basename, dirname } from "node:path";
import { textOf } from "../json/records.ts";
import type { LogFormat } from "../format.ts";
import { jsonBeginning } from "../../lines/json_lines.ts";

/**
 * task_TASK_TRY.jsonlog of the observability prototype: everything logged while
 * a try ran. Records of the submitting process are in parsl.jsonlog too, and are
 * copies here.
 */
export const tryLog: LogFormat = {
  importer: "task.jsonlog",
  fileName: /^task_\d+_\d+\.jsonlog$/,
  place(path) {
    const [, task = "", number = ""] = /_(\d+)_(\d+)\./.exec(basename(path)) ??
      [];
    return { path, rundir: dirname(path), task, try: number };
  },
  hasCopies: true,
  records: "unmatched",
  beginning: jsonBeginning,
  open(writer, place, { submitProcess }) {
    const { rundir, task = "", try: number = "" } = place;
    const kind = writer.kind("parsl.rundir.try", { rundir }, ["task", "try"]);
    return {
      read(record) {
        const isCopy = submitProcess !== undefined &&
          textOf(record.members?.process) === submitProcess;
        if (isCopy) return "copy";
        writer.message(kind.id(task, number), record.message, record);
        return "matched";
      },
    };
  },
};
