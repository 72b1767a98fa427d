import type { Progress } from "../../display/notebook/progress.ts";
import { stoppable } from "../../display/notebook/stop_button.ts";
import type { Database } from "../../sql/mod.ts";
import { bindSources } from "./bind_sources.ts";
import { type FoundOnDisk, recognize } from "../discover/find_files.ts";
import { dropCopies, knownRuns } from "../discover/known_runs.ts";
import { knownLengths } from "./known_log.ts";
import { giveAttributes, type OtherwiseGiven } from "./given_attributes.ts";
import { restoreIndexes } from "./indexes.ts";
import { importReport } from "../report/make_report.ts";
import type { ImportOptions } from "./options.ts";
import { fileOnDisk } from "../discover/paths.ts";
import type { PlainOptions } from "./plain_options.ts";
import { toReadAgain } from "./read_again.ts";
import {
  isReadable,
  type Outcome,
  type ReadContext,
  readOnDisk,
} from "./read_files.ts";
import type { ImportReport, SourceReport } from "../report/report.ts";
import { parslRules } from "../formats/list.ts";
import { writeKinds } from "./write_kinds.ts";

/**
 * Imports files that were found, each on its own, and then what only all of
 * them together tell: clocks, copies and bindings.
 */
export async function importFound(
  db: Database,
  found: readonly FoundOnDisk[],
  plain: PlainOptions,
  { rules = parslRules, progress }: Pick<ImportOptions, "rules"> & {
    progress: Progress;
  },
): Promise<ImportReport> {
  const start = performance.now();
  const files = found.flatMap((file) => [file, ...file.members ?? []]);
  for (const file of files) {
    if (isReadable(file)) progress.expect(file.bytes);
  }
  const runs = stoppable(() => knownRuns(db, files));
  const outcomes = new Map<string, Outcome>();
  const others: OtherwiseGiven = new Set();
  const context = { db, options: plain, others, runs, progress };
  const read = async (
    files: readonly FoundOnDisk[],
    more: Partial<ReadContext> = {},
  ) => {
    try {
      for (const outcome of await readOnDisk(files, { ...context, ...more })) {
        outcomes.set(outcome.path, outcome);
      }
    } finally {
      progress.say("indexing");
      stoppable(() => restoreIndexes(db));
    }
  };
  await read(found);
  const sourcesNow = () =>
    outcomes.values().filter((outcome) => "importer" in outcome).toArray();
  const again = toReadAgain(db, files, runs);
  if (sourcesNow().some(isChanged)) again.push(...dropCopies(db, runs));
  const wanted = new Set(again);
  const onDisk = new Set(again.flatMap((path) => fileOnDisk(path) ?? []));
  for (const path of onDisk) {
    const options = { lengths: knownLengths(db) };
    const file = await recognize(path, options);
    if (!file) continue;
    await read([file], {
      isWanted: ({ path }) => wanted.has(path),
      // They keep those that they were given.
      options: { ...plain, attributes: "{}" },
    });
  }
  giveAttributes(db, others, plain.attributes);
  const sources = sourcesNow();
  if (sources.some(isChanged)) writeKinds(db);
  progress.say("binding");
  const bindings = stoppable(() =>
    bindSources(db, rules, sources.some(isChanged))
  );
  const seconds = (performance.now() - start) / 1000;
  const notRead = outcomes.values()
    .filter((outcome) => !("importer" in outcome)).toArray();
  return importReport(sources, notRead, seconds, bindings);
}

const isChanged = ({ outcome }: SourceReport) =>
  outcome !== "unchanged" && outcome !== "failed";
