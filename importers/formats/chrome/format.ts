import { inside } from "../facts.ts";
import type { Format } from "../format.ts";
import { chromeTrace } from "./trace.ts";

/** Traces in Chrome's JSON format, which many profilers write. */
export const chrome: Format = {
  name: "chrome",
  program: "Chrome",
  files: [chromeTrace],
  spanTypes: [
    {
      type: "chrome.process",
      doc: "A process in a Chrome trace. Counters are its metrics.",
      identity: ["trace", "process"],
    },
    {
      type: "chrome.thread",
      doc: "A thread in a Chrome trace. Its events are the trace's instants.",
      identity: ["trace", "process", "thread"],
    },
    {
      type: "chrome.slice",
      doc: "A slice of a Chrome trace: a call, a section or an asynchronous " +
        "operation. It is in the slice of its thread that encloses it and began last.",
      identity: ["trace", "slice"],
      states: [{ event: "begin" }, { event: "end", isFinal: true }],
    },
  ],
  rules: [
    inside("chrome.process", "chrome.thread", ["trace", "process"], "thread"),
  ],
};
