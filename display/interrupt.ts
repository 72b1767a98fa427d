/** A signal has asked this process to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  /** @param exitCode 128 and the number of the signal, as of a shell */
  constructor(readonly exitCode: number) {
    super("ended by a signal");
  }
}

let flag: Int32Array | undefined;

/**
 * Shared memory with the exit code of a signal, or 0: listeners of signals never
 * run while synchronous code does, so that another thread listens.
 */
export function interruptBy(shared: Int32Array | undefined): void {
  flag = shared;
}

/** @throws {Interrupted} if a signal came */
export function throwIfInterrupted(): void {
  const exitCode = flag ? Atomics.load(flag, 0) : 0;
  if (exitCode !== 0) throw new Interrupted(exitCode);
}
