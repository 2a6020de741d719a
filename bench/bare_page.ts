/**
 * The least that shows a shell in a browser: xterm.js as its manual has it, a socket, and a PTY. No session, no seal, no
 * one who watches.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { type Pty, spawnPty } from "../host/pty/mod.ts";
import { writeImportMap } from "../scripts/import_map.ts";

const ROOT = resolve(import.meta.dirname!, "..");

const PAGE = `<!doctype html><meta charset="utf-8"><title>bare</title>
<link rel="stylesheet" href="/style.css"><div id="terminal"></div>
<script type="module" src="/app.js"></script>`;

const APP = `import { Terminal } from "@xterm/xterm";
const terminal = new Terminal({ cols: 80, rows: 24 });
terminal.open(document.getElementById("terminal"));
const socket = new WebSocket("ws://" + location.host + "/socket");
socket.binaryType = "arraybuffer";
const encoder = new TextEncoder();
terminal.onData((data) => socket.send(encoder.encode(data)));
socket.onmessage = ({ data }) => terminal.write(new Uint8Array(data));
terminal.focus();
`;

/** Serves such a page with `command` in it until disposed. */
export class BarePage implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #pty: Pty;

  private constructor(command: readonly string[], files: ReadonlyMap<string, Response>) {
    const env = {
      ...Deno.env.toObject(),
      TERM: "xterm-256color",
      PS1: "$ ",
      HISTFILE: "/dev/null",
    };
    this.#pty = spawnPty({ command: [...command], env, cols: 80, rows: 24 });
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/socket") return this.#connect(request);
      return files.get(pathname)?.clone() ?? new Response(null, { status: 204 });
    });
  }

  static async start(command: readonly string[]): Promise<BarePage> {
    const file = (body: string, type: string): Response =>
      new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
    return new BarePage(
      command,
      new Map([
        ["/", file(PAGE, "text/html")],
        ["/app.js", file(await bundle(), "text/javascript")],
        ["/style.css", file("", "text/css")],
      ]),
    );
  }

  get address(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pty.kill("SIGKILL");
    await this.#pty[Symbol.asyncDispose]();
    await this.#server.shutdown();
  }

  #connect(request: Request): Response {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => void this.#pty.write(new Uint8Array(data));
    socket.onopen = async () => {
      for (;;) {
        const bytes = await this.#pty.read();
        if (bytes === null || socket.readyState !== WebSocket.OPEN) return socket.close();
        socket.send(bytes.slice());
      }
    };
    return response;
  }
}

async function bundle(): Promise<string> {
  const work = await Deno.makeTempDir({ prefix: "collab-bench-" });
  try {
    const map = await writeImportMap(work, "browser");
    const [entry, out] = [join(work, "app.ts"), join(work, "out.js")];
    await Deno.writeTextFile(entry, APP);
    const args = ["bundle", "--quiet", "--platform=browser", "--minify", `--import-map=${map}`];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, `--output=${out}`, entry],
      cwd: ROOT,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readTextFile(out);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}
