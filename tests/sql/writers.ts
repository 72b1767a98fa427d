/** Python as another program that has a database open. */
export interface Writer {
  /** Lets it continue and returns the next line that it prints. */
  next(): Promise<string>;
  /** Kills it immediately. */
  kill(): Promise<void>;
}

/**
 * Runs Python during a test. In its script, `step("text")` prints the text and
 * waits until the test lets it continue; `db` is the database in autocommit
 * mode.
 */
export async function withWriter(
  path: string,
  script: string,
  work: (writer: Writer) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command("python3", {
    args: ["-c", prelude + script, path],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  const answer = async () => {
    while (!buffer.includes("\n")) {
      const { value, done } = await output.read();
      if (done) throw new Error("the writer ended too soon");
      buffer += value;
    }
    const end = buffer.indexOf("\n");
    const line = buffer.slice(0, end);
    buffer = buffer.slice(end + 1);
    return line;
  };
  const kill = async () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await child.status;
  };
  try {
    await answer();
    await work({
      next: async () => {
        await input.write(new TextEncoder().encode("\n"));
        return await answer();
      },
      kill,
    });
  } finally {
    await kill();
    await input.abort().catch(() => {});
    await output.cancel();
  }
}

const prelude = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
def step(text):
    print(text, flush=True)
    sys.stdin.readline()
def run(script):
    for statement in script.split(";"):
        db.execute(statement)
`;

/** Content and modification time of all files in a folder. */
export function folderState(folder: string): unknown[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
    .map((name) => {
      const path = `${folder}/${name}`;
      return [name, Deno.statSync(path).mtime, Deno.readFileSync(path)];
    });
}
