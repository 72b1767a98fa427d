import { cpuUsage } from "node:process";
import { fileURLToPath } from "node:url";

/** A program to measure. */
export interface Program {
  command: string;
  args: readonly string[];
  /** Environment variables to add. */
  env?: Record<string, string>;
  /** The file that it writes, removed before each run. */
  file?: string;
}

/** Measurements of one run of a program, from its start to its end. */
export interface Measured {
  /** Seconds elapsed. */
  wall: number;
  /** Processor seconds, which other programs on the machine distort less. */
  cpu: number;
  /**
   * Peak memory in bytes: what the program prints, or else of the whole process.
   * No program starts others.
   */
  memory: number;
  /** Bytes of its file. */
  size: number;
  /** The members of the JSON object in the last line that it printed. */
  output: Record<string, number>;
}

/** Medians of a program in a race. */
export interface Raced extends Measured {
  /** Wall and processor time relative to the first program, round by round. */
  ratio: { wall: number; cpu: number };
}

/**
 * Runs and measures a program.
 *
 * @throws {Error} with its output if it fails
 */
export async function measure(program: Program): Promise<Measured> {
  const { command, args, env = {}, file } = program;
  if (file) await Deno.remove(file).catch(() => {});
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: [pathOf("python/run.py"), command, ...args],
    env,
  }).output();
  const [printed, faults] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trimEnd()
  ) as [string, string];
  if (!success) {
    throw new Error(`${command} ${args.join(" ")} failed: ${faults}`);
  }
  const usage = JSON.parse(lastLine(faults));
  const output = lastObject(printed);
  return {
    ...usage,
    memory: output.memory ?? usage.memory,
    size: file ? Deno.statSync(file).size : NaN,
    output,
  };
}

/**
 * Runs programs in turn, round after round, so that a change in the speed of the
 * machine concerns all of them.
 */
export async function race(programs: readonly Program[]): Promise<Raced[]> {
  const runs: Measured[][] = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, program] of programs.entries()) {
      runs[i]!.push(await measure(program));
    }
  }
  return runs.map((own) => {
    const of = (name: "wall" | "cpu" | "memory" | "size") =>
      median(own.map((run) => run[name]));
    const ratio = (name: "wall" | "cpu") =>
      median(own.map((run, round) => run[name] / runs[0]![round]![name]));
    return {
      wall: of("wall"),
      cpu: of("cpu"),
      memory: of("memory"),
      size: of("size"),
      output: medians(own.map(({ output }) => output)),
      ratio: { wall: ratio("wall"), cpu: ratio("cpu") },
    };
  });
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

/** Peak memory of this process so far, in bytes: VmHWM of /proc. */
export function peakMemory(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) * 1024;
}

/** Processor seconds of this process so far. */
export function cpuSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}

const rounds = Number(Deno.env.get("BENCH_ROUNDS") ?? 5);

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const lastLine = (text: string) => text.slice(text.lastIndexOf("\n") + 1);

function lastObject(text: string): Record<string, number> {
  const last = lastLine(text);
  return last.startsWith("{") ? JSON.parse(last) : {};
}

function medians(
  outputs: readonly Record<string, number>[],
): Record<string, number> {
  return Object.fromEntries(
    Object.keys(outputs[0]!).map((name) => [
      name,
      median(outputs.map((output) => output[name]!)),
    ]),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
