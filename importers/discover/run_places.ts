import type { ShownClock } from "../clock/clock.ts";
import { chunksOf } from "../container/chunks.ts";
import { logsOfRuns } from "../formats/list.ts";
import { logAt } from "./detect.ts";
import type { FoundFile } from "./find_files.ts";

/** A run directory, as this import or an earlier one found it. */
export interface RunDirectory {
  /** Its name in the database. */
  rundir: string;
  /** The id of its run; undefined as long as no log has shown it. */
  run?: string | undefined;
  clock?: ShownClock | undefined;
  /** Number of the submitting process. */
  process?: string | undefined;
}

/** A directory in which this import found logs of a run. */
export interface Place {
  path: string;
  /** As a parsl.log of this import shows them. */
  run?: string | undefined;
  clock?: ShownClock | undefined;
  /** The same run id, or the one in a parsl.log that is not imported now. */
  id?: string | undefined;
  files: FoundFile[];
}

/** Groups the logs of run directories by the path of the directory. */
export function placesOf(files: readonly FoundFile[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const file of files) {
    const path = file.log?.place.rundir;
    if (!path) continue;
    const place = places.getOrInsertComputed(path, () => ({ path, files: [] }));
    place.files.push(file);
    place.run ??= file.run?.run;
    place.clock ??= file.run?.clock;
  }
  for (const place of places.values()) {
    place.id = place.run ?? runIdOnDisk(place.path);
  }
  return places;
}

/** The run id in a parsl.log beside the imported logs, if it may be read. */
function runIdOnDisk(path: string): string | undefined {
  try {
    const { state } = Deno.permissions.querySync({ name: "read", path });
    if (state !== "granted") return undefined;
    for (const { name, isFile } of Deno.readDirSync(path)) {
      // Opening a pipe blocks until something writes to it.
      if (!isFile) continue;
      const log = logAt(`${path}/${name}`);
      const format = logsOfRuns.get(log?.format.importer ?? "");
      const scanner = format?.scan?.();
      if (!scanner) continue;
      let bytes = 0;
      for (const chunk of chunksOf(`${path}/${name}`)) {
        scanner.scan(chunk);
        bytes += chunk.length;
        const { run } = scanner.result();
        if (run !== undefined) return run;
        if (bytes > maxScanned) break;
      }
    }
  } catch {
    // Inside a container, all logs are imported together.
  }
  return undefined;
}

// The id is in one of the first lines.
const maxScanned = 1 << 20;
