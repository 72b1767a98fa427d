import { basename, dirname } from "node:path";
import { Tail } from "../../lines/tail.ts";
import type { BinaryFormat } from "../format.ts";

// Since 2023-06 the name of a job names the executor and the block.
const name =
  /^parsl\.(?<executor>.+)\.block-(?<block>[^.]+)\.\d+\.\d+(?:\.(?:sh|submit))?\.(?<kind>ec|out|err|stdout|stderr)$/;

/**
 * Files beside a submit script: the exit code of the local provider's script, and
 * its output. They show why a block ended at once.
 */
export const submitScriptOutput: BinaryFormat = {
  importer: "submit_scripts",
  fileName: name,
  folder: /(?:^|\/)submit_scripts$/,
  place(path) {
    const { executor, block } = name.exec(basename(path))?.groups ?? {};
    return {
      path,
      rundir: dirname(dirname(path)),
      executor: executor!,
      block: block!,
    };
  },
  isIdentifiedByPlace: true,
  sniff: () => true,
  read(chunks, { writer, place }) {
    const { rundir, executor = "", block = "", path } = place;
    const tail = new Tail();
    for (const chunk of chunks) tail.add(chunk);
    const text = tail.text();
    const { kind = "" } = name.exec(basename(path))?.groups ?? {};
    const id = writer.kind("parsl.executor.block", { rundir }, [
      "executor",
      "block",
    ]).id(executor, block);
    // Not attributes alone: the events keep the block if parsl.log is read again.
    const at = tail.lastLine();
    if (kind !== "ec") {
      const type = /out$/.test(kind) ? "stdout" : "stderr";
      writer.event(id, type, at, { more: text });
    } else if (/^\d+\s*$/.test(text)) {
      // Until the script ends, it is "-".
      const exit_code = Number(text);
      writer.event(id, "exited", at, { exit_code });
      writer.add(id, { exit_code });
    }
    return { records: tail.lines, malformed: [] };
  },
};
