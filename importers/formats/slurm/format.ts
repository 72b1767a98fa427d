import { facet } from "../facts.ts";
import type { Format } from "../format.ts";
import { sacctOutput } from "./sacct_output.ts";

/** Slurm's accounting: the output of sacct about jobs and their steps. */
export const slurm: Format = {
  name: "slurm",
  files: [sacctOutput],
  spanTypes: [
    {
      type: "slurm.job",
      doc: "A job of Slurm. A block of Parsl is such a job.",
      identity: ["cluster", "job"],
      role: "job",
      states: [
        { event: "submitted" },
        { event: "eligible" },
        { event: "started", work: "up" },
        { event: "ended", isFinal: true, work: "down" },
      ],
    },
    {
      type: "slurm.step",
      doc:
        "A step of a job: `batch` is its script, `extern` is everything outside of " +
        "steps, a number is a call of srun.",
      identity: ["cluster", "job", "step"],
      states: [
        { event: "submitted" },
        { event: "started" },
        { event: "ended", isFinal: true },
      ],
    },
  ],
  rules: [
    facet("parsl.executor.block", "slurm.job", ["job"]),
    facet("parsl.monitoring.block", "slurm.job", ["job"]),
  ],
};
