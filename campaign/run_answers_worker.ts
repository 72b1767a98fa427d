/// <reference lib="deno.worker" />
// Computes the answers of a run in a thread of its own: gets partitions.

import { messageOf } from "../display/text/format.ts";
import type { Partition } from "./manifest.ts";
import { computeAnswers } from "./run_answers.ts";

self.onmessage = async ({ data }: MessageEvent<Partition>) => {
  try {
    self.postMessage({ answers: await computeAnswers(data) });
  } catch (error) {
    self.postMessage({ error: messageOf(error) });
  }
};
