import type { Database } from "../sql/mod.ts";
import { eventSequences } from "../questions/mod.ts";
import { idsOf, type Spans } from "./spans.ts";
import { mainType } from "./states.ts";

/** The typical task, step by step, for the page. */
export interface Typical {
  /** What goes through the steps. */
  type: string;
  spans: number;
  steps: TypicalStep[];
}

/** A step of it; times in seconds. */
export interface TypicalStep {
  event: string;
  component: string;
  nth: number;
  spans: number;
  sinceStart: number;
  sinceBefore: number | null;
  sinceBefore95: number | null;
  sinceBeforeMost: number | null;
}

// Steps that few spans have, such as a fifth try, tell of no typical task.
const mostSteps = 60;

/** The steps of tasks, as parsl.log has them, or monitoring, or of what there is. */
export function typicalSequence(
  db: Database,
  spans: Spans,
): Typical | undefined {
  const type = ["parsl.rundir.task", "parsl.monitoring.task"]
    .find((type) => spans.all.some((span) => span.type === type)) ??
    mainType(db, spans);
  if (type === undefined) return undefined;
  const all = spans.all.filter((span) => span.type === type);
  const roots = spans.isPart ? idsOf({ ...spans, all }) : type;
  const steps = eventSequences(db, roots, { align: "step" });
  const most = steps.map(({ spans }) => spans).sort((a, b) => b - a)
    .at(mostSteps) ?? 0;
  return {
    type,
    spans: all.length,
    steps: steps.filter(({ spans }) => spans > most).map((step) => ({
      event: step.event_type,
      component: step.component,
      nth: step.nth,
      spans: step.spans,
      sinceStart: step.since_start_p50!,
      sinceBefore: step.since_before_p50 ?? null,
      sinceBefore95: step.since_before_p95 ?? null,
      sinceBeforeMost: step.since_before_maximum,
    })),
  };
}
