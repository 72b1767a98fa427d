import { measure, type Program } from "./measure.ts";
import type { Row } from "./table.ts";

/** A profile of V8, as `deno run --cpu-prof` writes it. */
interface Profile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string };
    children?: number[];
  }[];
  samples: number[];
  timeDeltas: number[];
}

/**
 * By part of an import, the names of its functions and modules. The last pattern
 * that matches counts.
 */
const parts: Readonly<Record<string, RegExp>> = {
  "parse": /\/importers\//,
  "read": /\/importers\/(?:container|discover)\/|^op_read_sync/,
  "index": /\/importers\/store\/indexes\.ts/,
  "insert, query": /\/sql\//,
  "bind": /\/sql\/rules\//,
  "garbage": /^\(garbage collector\)/,
  "start, other": /^\((?:root|program|idle)\)/,
};

/** Parts that include whatever they call. */
const wholes = ["index", "bind"];

/**
 * Runs a Deno program with V8's profiler, which needs no code in what it
 * measures. The time of an SQL statement is that of the function that runs it.
 *
 * @returns the seconds elapsed, and the share of each part of an import
 */
export async function profile(program: Program, folder: string): Promise<Row> {
  const [run, ...args] = program.args;
  const output = await Deno.makeTempDir({ dir: folder });
  await measure({
    ...program,
    args: [run!, "--cpu-prof", `--cpu-prof-dir=${output}`, ...args],
  });
  const [file] = [...Deno.readDirSync(output)];
  const { nodes, samples, timeDeltas }: Profile = JSON.parse(
    Deno.readTextFileSync(`${output}/${file!.name}`),
  );
  const partOf = new Map<number, string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (id: number, callers: string) => {
    const { callFrame: { functionName, url }, children = [] } = byId.get(id)!;
    const frame = `${functionName} ${url}`;
    const own = wholes.includes(callers) ? undefined : Object.keys(parts)
      .findLast((name) => parts[name]!.test(frame));
    partOf.set(id, own ?? callers);
    for (const child of children) visit(child, own ?? callers);
  };
  visit(nodes[0]!.id, "start, other");
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const shares = Object.keys(parts).map((name) => {
    const own = timeDeltas.filter((_, i) => partOf.get(samples[i]!) === name);
    const share = own.reduce((sum, delta) => sum + delta, 0) / total;
    return [name, `${(100 * share).toFixed(0)}%`];
  });
  return { "s": total / 1e6, ...Object.fromEntries(shares) };
}
