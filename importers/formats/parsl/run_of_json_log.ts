import { textOf } from "../json/members.ts";
import { offsetBetween } from "../../clock/clock.ts";
import { type JsonRecord, jsonRecord } from "../../lines/json_lines.ts";
import type { RunLooker } from "./run_of_log.ts";

/**
 * Looks into a parsl.jsonlog for the id of its run, and for what the clock of
 * its machine showed: records have Unix times alone, but one says when the run
 * began by the local clock. It stands among the first.
 */
export function runOfJsonLog(): RunLooker {
  let start = "";
  let end = "";
  return {
    look(piece) {
      if (start.length < startLength) {
        start += decoder.decode(piece.subarray(0, startLength));
      }
      end = (end + decoder.decode(piece.subarray(-endLength)))
        .slice(-endLength);
    },
    seen() {
      const first = recordsIn(start);
      const run = first
        .map(({ message }) => /^Run id is: (\S+)/.exec(message)?.[1])
        .find((id) => id !== undefined);
      const began = first.find(({ members }) => timeBegan in members);
      const process = textOf(first[0]?.members.process);
      const local = Date.parse(
        `${textOf(began?.members[timeBegan])}Z`.replace(" ", "T"),
      ) / 1000;
      if (!began || Number.isNaN(local)) {
        return { run, process, clock: undefined };
      }
      const since = first[0]!.time;
      const last = [...first, ...recordsIn(end)].at(-1)!.time;
      const offset = offsetBetween(began.time, local);
      return {
        run,
        process,
        clock: {
          first: since,
          last,
          by: "parsl.jsonlog",
          offsets: [{ since, shown: since, offset }],
        },
      };
    },
  };
}

const startLength = 1 << 20;
const endLength = 1 << 16;
const decoder = new TextDecoder();
const timeBegan = "parsl.workflow_info.time_began";

const recordsIn = (text: string): JsonRecord[] =>
  text.split("\n").map(jsonRecord).filter((record) => record !== undefined);
