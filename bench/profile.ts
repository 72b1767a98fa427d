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

/** By part of an import, the functions that belong to it; the first one counts. */
const parts: Readonly<Record<string, RegExp>> = {
  "bind": /\/sql\/rules\//,
  "index": /\/importers\/store\/indexes\.ts/,
  "insert and query": /\/sql\//,
  "read": /\/importers\/(?:container|discover)\/|^op_read_sync/,
  "parse": /\/importers\//,
  "garbage": /^\(garbage collector\)/,
  "start, other": /^/,
};

/**
 * Runs a Deno program with V8's profiler, which needs no code in what it
 * measures. The time of an SQL statement is that of the function that runs it.
 *
 * @returns the seconds of each part of an import
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
  const names = Object.keys(parts);
  const visit = (id: number, inherited: number) => {
    const { callFrame: { functionName, url }, children = [] } = byId.get(id)!;
    const frame = `${functionName} ${url}`;
    const own = names.findIndex((name) => parts[name]!.test(frame));
    const part = Math.min(own, inherited);
    partOf.set(id, names[part]!);
    for (const child of children) visit(child, part);
  };
  visit(nodes[0]!.id, names.length - 1);
  const seconds = Object.fromEntries(names.map((name) => [name, 0]));
  for (const [i, id] of samples.entries()) {
    seconds[partOf.get(id)!]! += timeDeltas[i]! / 1e6;
  }
  return seconds;
}
