import { basename } from "node:path";
import { Tail } from "../../lines/tail.ts";
import type { BinaryFormat } from "../format.ts";
import { above } from "./layout.ts";

const name = /^task_0*(?<task>[1-9]\d*|0)_.*\.(?<stream>stdout|stderr)$/s;

/**
 * RUNDIR/task_logs/NNNN/task_NNNN_app.stdout and .stderr: where a bash app of a
 * task writes if it asks for parsl.AUTO_LOGNAME. The event is at the last line,
 * so that lines() can show the end of the output.
 */
export const taskLog: BinaryFormat = {
  importer: "task_logs",
  fileName: name,
  folder: /(?:^|\/)task_logs\/\d+$/,
  place: (path) => ({
    path,
    rundir: above(path, 3),
    task: name.exec(basename(path))?.groups?.task ?? "",
  }),
  isIdentifiedByPlace: true,
  sniff: () => true,
  read(chunks, { writer, place }) {
    const { rundir, task = "", path } = place;
    const tail = new Tail();
    for (const chunk of chunks) tail.add(chunk);
    const id = writer.kind("parsl.rundir.task", { rundir }, ["task"]).id(task);
    const { stream = "" } = name.exec(basename(path))?.groups ?? {};
    const { bytes, lines } = tail;
    writer.event(id, stream, tail.lastLine(), { bytes, lines });
    return { records: lines, malformed: [] };
  },
};
