import { jsonText } from "../../output/json.ts";
import type { Sink } from "../../output/sink.ts";

/** An event of the JSON trace format; times are in microseconds. */
export interface TraceEvent {
  /** X a slice, B one that never ended, b and e async, C a counter, M a name. */
  ph: "X" | "B" | "b" | "e" | "C" | "M";
  name: string;
  pid: number;
  tid?: number;
  ts?: number;
  dur?: number;
  cat?: string;
  id?: string;
  args?: Record<string, unknown>;
}

/** Takes event by event; false if nobody reads any more. */
export type Emit = (event: TraceEvent) => boolean;

/** Writes a trace as a stream, event by event. */
export function writeTrace(out: Sink, trace: (emit: Emit) => void): void {
  out.write('{"displayTimeUnit":"ms","traceEvents":[');
  let separator = "\n";
  trace((event) => {
    const isRead = out.write(separator + jsonText(event));
    separator = ",\n";
    return isRead;
  });
  out.write("\n]}\n");
}

/** Unix seconds in microseconds: that is how well they are known. */
export const microseconds = (time: number): number => Math.round(time * 1e6);
