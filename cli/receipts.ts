import { createHash } from "node:crypto";
import { statOrNothing, writeWhole } from "../display/output.ts";
import about from "../deno.json" with { type: "json" };

/** What is known of an import of a path into a campaign. */
export interface Receipt {
  /**
   * The directories of its runs, if an earlier import was whole and neither the
   * path nor these have changed since.
   */
  unchanged?: string[];
  /** Keeps the names of the directories for the next import. */
  write(directories: readonly string[]): void;
}

/**
 * The receipt for a path in its present state: the names of all files below it,
 * their sizes and times. To read them again takes as long as an import.
 *
 * @param how everything else that the result depends on, as JSON
 */
export function receiptOf(
  campaign: string,
  path: string,
  how: unknown,
): Receipt {
  const real = Deno.realPathSync(path);
  const name = hash([about.version, real, how]).slice(0, 24);
  const file = `${campaign}/.imported/${name}.json`;
  const state = hash([...filesBelow(real)]);
  const unchanged = readReceipt(campaign, file, state);
  return {
    ...unchanged && { unchanged },
    write(directories) {
      Deno.mkdirSync(`${campaign}/.imported`, { recursive: true });
      writeWhole(file, JSON.stringify({ path: real, state, directories }));
    },
  };
}

function readReceipt(
  campaign: string,
  file: string,
  state: string,
): string[] | undefined {
  const written = statOrNothing(file)?.mtime;
  if (!written) return undefined;
  try {
    const receipt = JSON.parse(Deno.readTextFileSync(file));
    const directories: string[] = receipt.directories;
    const isSame = receipt.state === state && directories.every((name) => {
      const manifest = statOrNothing(`${campaign}/${name}/manifest.json`);
      return manifest?.mtime && manifest.mtime <= written;
    });
    return isSame ? directories : undefined;
  } catch (error) {
    // A damaged receipt is none.
    if (error instanceof SyntaxError || error instanceof TypeError) return;
    throw error;
  }
}

function* filesBelow(path: string): Generator<unknown[]> {
  const { size, mtime, isDirectory } = Deno.lstatSync(path);
  if (!isDirectory) return yield [path, size, mtime?.getTime()];
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  for (const name of names) yield* filesBelow(`${path}/${name}`);
}

const hash = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");
