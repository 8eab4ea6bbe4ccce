/** llmbench on a real pseudo-terminal of a given width, as a user sees it. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Python's standard library makes a terminal on Linux and macOS; Node's doesn't. */
const terminal = `
import fcntl, os, pty, struct, sys, termios
columns, rows, until, *command = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
    os.execvp(command[0], command)
seen = b""
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
    seen += data
    if until and until.encode() in seen:
        break
os.close(fd)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
`;

export const hasTerminal =
  process.platform !== "win32" && spawnSync("python3", ["-c", "import pty"]).status === 0;

export interface Screen {
  readonly status: number | null;
  /** All that was written to the terminal, as it came. */
  readonly raw: string;
  /** Without what a terminal obeys. */
  readonly lines: readonly string[];
}

/**
 * Output and errors both go to the terminal.
 * @param until what is seen when its window is closed, as when a connection breaks; "" leaves it open.
 */
export function onTerminal(
  args: readonly string[],
  columns: number,
  env: NodeJS.ProcessEnv = {},
  until = "",
): Screen {
  const command = [String(columns), "24", until, process.execPath, cli, ...args];
  const { stdout, status } = spawnSync("python3", ["-c", terminal, ...command], {
    encoding: "utf8",
    env: { ...process.env, TERM: "xterm-256color", NO_COLOR: undefined, ...env },
    maxBuffer: 1e9,
  });
  const lines = stripVTControlCharacters(stdout).replaceAll("\r\n", "\n").trimEnd().split("\n");
  return { status, raw: stdout, lines };
}
