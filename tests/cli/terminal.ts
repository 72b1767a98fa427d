import { inCheckout } from "../../tools/checkout.ts";
import { dnpcCommand } from "./shell.ts";

/** Result of a command in a terminal. */
export interface Terminal {
  /** Exit code, or the negative number of the signal that killed it. */
  code: number;
  /** Everything written to stdout and stderr. */
  shown: string;
}

/**
 * Runs dnpc in a pseudoterminal of this width, which Python provides.
 *
 * @param pressing presses Ctrl-C as soon as this text is shown
 */
export async function inTerminal(
  cwd: string,
  args: readonly string[],
  { columns = 100, pressing = "", module = "cli.ts" } = {},
): Promise<Terminal> {
  const options = dnpcCommand("--quiet").slice(0, -1);
  const dnpc = [...options, inCheckout(module), ...args];
  const { stdout, stderr, success } = await new Deno.Command("python3", {
    args: ["-c", program, String(columns), pressing, ...dnpc],
    cwd,
    env: { TERM: "xterm-256color" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/**
 * Runs several commands in one process, whose start takes longer than most of
 * them; returns what each shows.
 */
export async function allInTerminal(
  cwd: string,
  commands: readonly (readonly string[])[],
  options: { columns: number },
): Promise<string[]> {
  const module = "tests/cli/several.ts";
  const args = [JSON.stringify(commands)];
  const { code, shown } = await inTerminal(cwd, args, { ...options, module });
  if (code !== 0) throw new Error(shown);
  return shown.split("\x1e\r\n").slice(0, -1);
}

const program = `
import fcntl, json, os, pty, struct, sys, termios
columns, pressing, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.environ.pop("NO_COLOR", None)
    size = struct.pack("HHHH", 40, int(columns), 0, 0)
    fcntl.ioctl(0, termios.TIOCSWINSZ, size)
    os.execv(command[0], command)
shown = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if pressing and pressing.encode() in shown:
        os.write(terminal, b"\\x03")
        pressing = ""
_, status = os.waitpid(child, 0)
code = os.waitstatus_to_exitcode(status)
print(json.dumps({"code": code, "shown": shown.decode(errors="replace")}))
`;
