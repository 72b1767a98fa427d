/** What running a program once came to. */
export interface Measured {
  /** As the program says, or else from its start to its end. */
  seconds: number;
  /** The most memory that it held: VmHWM of /proc, in bytes. */
  memory: number;
  /**
   * Seconds of processor time, of all of its threads, its start included: what
   * other programs do at the time distorts this less.
   */
  cpu: number;
  /** What else it said: the members of the JSON object that it wrote last. */
  said: Record<string, number>;
}

/** How a program is run. */
export interface Program {
  command: string;
  args: readonly string[];
  /** Variables of its environment, beside those that are there. */
  env?: Record<string, string>;
  /** How often: the fastest counts. By default once. */
  times?: number;
}

/**
 * Runs a program, and nothing else at the time, and measures it. One that times
 * itself, without what it takes to start, writes a JSON object with `seconds`
 * as its last line.
 *
 * @throws {Error} if it fails: with what it wrote
 */
export async function measure(
  { times = 1, ...program }: Program,
): Promise<Measured> {
  let best: Measured | undefined;
  for (let time = 0; time < times; time++) {
    const one = await measureOnce(program);
    if (!best || one.seconds < best.seconds) best = one;
  }
  return best!;
}

/** A program of the benchmarks: a script that Deno runs. */
export const denoProgram = (
  name: string,
  ...args: readonly string[]
): Program => ({
  command: Deno.execPath(),
  args: [
    ...["run", "--allow-all", "--no-check", "--config", pathOf("../deno.json")],
    ...[pathOf(`programs/${name}`), ...args],
  ],
});

/** One that Python runs. */
export const pythonProgram = (
  name: string,
  ...args: readonly string[]
): Program => ({
  command: "python3",
  args: [pathOf(`python/${name}`), ...args],
});

const pathOf = (name: string) =>
  decodeURIComponent(new URL(name, import.meta.url).pathname);

async function measureOnce(
  { command, args, env = {} }: Program,
): Promise<Measured> {
  const start = performance.now();
  const child = new Deno.Command(command, {
    args: [...args],
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let memory = 0;
  let cpu = 0;
  // The mark only rises: what it was last is close to what it was at the end.
  const watch = setInterval(() => {
    memory = Math.max(memory, peakMemory(child.pid));
    cpu = Math.max(cpu, processorTime(child.pid));
  }, 5);
  const { success, stdout, stderr } = await child.output();
  const wall = (performance.now() - start) / 1000;
  clearInterval(watch);
  const [text, faults] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trim()
  );
  if (!success) {
    throw new Error(`${command} ${args.join(" ")} failed: ${faults || text}`);
  }
  const { seconds = wall, ...said } = lastObject(text!);
  return { seconds, memory: Math.max(memory, said.memory ?? 0), cpu, said };
}

function lastObject(text: string): Record<string, number> {
  const last = text.slice(text.lastIndexOf("\n") + 1);
  try {
    return last.startsWith("{") ? JSON.parse(last) : {};
  } catch {
    return {};
  }
}

/** Seconds that a process has had a processor so far; 0 if it is gone. */
function processorTime(pid: number): number {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // Behind the name, which may hold spaces; in hundredths.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** The most memory that a process has held so far, in bytes; 0 if it is gone. */
export function peakMemory(pid: number | "self"): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
