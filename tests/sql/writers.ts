/** Another program that has a database open: Python. */
export interface Writer {
  /** Lets it go on, and waits for what it prints next. */
  next(): Promise<string>;
  /** Kills it where it is. */
  kill(): Promise<void>;
}

/**
 * Runs Python while a test does its work. In its script `step("text")` prints
 * the text and waits until the test lets it go on; `db` is the database, where
 * no transaction begins by itself.
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
  let said = "";
  const answer = async () => {
    while (!said.includes("\n")) {
      const { value, done } = await output.read();
      if (done) throw new Error("the writer ended too soon");
      said += value;
    }
    const end = said.indexOf("\n");
    const line = said.slice(0, end);
    said = said.slice(end + 1);
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

/** What lies in a folder, byte by byte, and when it was changed. */
export function folderState(folder: string): unknown[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
    .map((name) => {
      const path = `${folder}/${name}`;
      return [name, Deno.statSync(path).mtime, Deno.readFileSync(path)];
    });
}
