/** Commands that ask about spans, with arguments that `tz` answers. */
export const askingCommands: Readonly<Record<string, string>> = {
  "span-types": "",
  "span-graph": "",
  "event-sequences": "parsl.rundir.try",
  "times-between": "parsl.rundir.try/launched parsl.rundir.try/exec_done",
  "spans-in-state": "parsl.rundir.try",
  story: "task=0",
  metrics: "",
  bottleneck: "",
  coverage: "",
  compare: "000 000",
  export: "--to perfetto",
  report: "-o report.html",
};
