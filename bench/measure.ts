/** Measurements of one run of a program. */
export interface Measured {
  /** Seconds, as measured by the program, or else from its start to its end. */
  seconds: number;
  /** Peak memory in bytes: VmHWM of /proc. */
  memory: number;
  /**
   * CPU seconds of all threads, including start-up. Other programs on the machine
   * distort this less than the elapsed time.
   */
  cpu: number;
  /** All members of the JSON object in its last line. */
  output: Record<string, number>;
}

/** Options of a measurement. */
export interface Program {
  command: string;
  args: readonly string[];
  /** Environment variables to add. */
  env?: Record<string, string>;
  /** Number of runs; the fastest counts. By default 1. */
  times?: number;
}

/**
 * Runs and measures a program. To exclude its start-up time, a program can print
 * a JSON object with `seconds` as its last line.
 *
 * @throws {Error} with its output if it fails
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

/** Command for a Deno script of the benchmarks. */
export const denoProgram = (
  name: string,
  ...args: readonly string[]
): Program => ({
  command: Deno.execPath(),
  args: [
    "run",
    "--allow-all",
    "--no-check",
    "--config",
    pathOf("../deno.json"),
    pathOf(`programs/${name}`),
    ...args,
  ],
});

/** Command for a Python script of the benchmarks. */
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
  // VmHWM never falls, so the last reading is close to the final value.
  const watch = setInterval(() => {
    memory = Math.max(memory, peakMemory(child.pid));
    cpu = Math.max(cpu, cpuSeconds(child.pid));
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
  const { seconds = wall, ...output } = lastObject(text!);
  return { seconds, memory: Math.max(memory, output.memory ?? 0), cpu, output };
}

function lastObject(text: string): Record<string, number> {
  const last = text.slice(text.lastIndexOf("\n") + 1);
  try {
    return last.startsWith("{") ? JSON.parse(last) : {};
  } catch {
    return {};
  }
}

/** CPU seconds of a process so far; 0 if it has ended. */
function cpuSeconds(pid: number): number {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The fields follow the name, which may contain spaces; unit: 10 ms.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** Peak memory of a process so far, in bytes; 0 if it has ended. */
export function peakMemory(pid: number | "self"): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
