// The worker that holds coopfx. It is made from a blob, so that the page's policy binds it, and after the
// door is shut: everything it reads was handed to it, and whatever it fetches comes from that alone.

import { loadPyodide, type PyodideInterface } from "pyodide";
// @ts-expect-error: the module of the interpreter has no types of its own.
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import type { Loaded, Reply, Request, Start } from "./protocol";

const HOME = "https://page.invalid/";
const SITE = "/lib/python3.14/site-packages";
/** The one text that the typesetter asks to be evaluated: the name of the time zone. */
const ZONE = "Intl.DateTimeFormat().resolvedOptions().timeZone";

const scope = self as unknown as DedicatedWorkerGlobalScope;
let ask: ((what: string, ...given: unknown[]) => unknown) | undefined;
let python: PyodideInterface;

scope.onmessage = async (event: MessageEvent<Start | Request>) => {
  const message = event.data;
  if ("loaded" in message) {
    await reply(0, () => start(message));
  } else {
    await reply(message.id, () => answer(message));
  }
};

async function reply(id: number, make: () => unknown): Promise<void> {
  let made: Reply;
  try {
    made = { id, answer: await make() };
  } catch (error) {
    made = { id, failed: String(error) };
  }
  scope.postMessage(made);
}

/** Fetching inside the worker: what was handed over, and nothing else. */
function shut(loaded: Loaded): void {
  scope.fetch = async (asked: RequestInfo | URL): Promise<Response> => {
    const url = asked instanceof Request ? asked.url : String(asked);
    const found = loaded[url.slice(url.lastIndexOf("/") + 1)];
    if (!url.startsWith(HOME) || !found) throw new TypeError(`not in this page: ${url}`);
    const type = url.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(found, { headers: { "Content-Type": type } });
  };
  globalThis.eval = (code: string): unknown => {
    if (code.includes(ZONE)) return "UTC";
    throw new EvalError("nothing is evaluated in this page");
  };
}

async function start({ loaded, wheels, language }: Start): Promise<unknown> {
  shut(loaded);
  const lock = new TextDecoder().decode(loaded["pyodide-lock.json"]);
  python = await loadPyodide({
    createPyodideModule,
    indexURL: HOME,
    packageBaseUrl: HOME,
    lockFileContents: lock,
    env: { HOME: "/home/reader", PYTHONDONTWRITEBYTECODE: "1" },
  } as Parameters<typeof loadPyodide>[0]);
  python.unpackArchive(loaded["coopfx.zip"]!, "zip", { extractDir: SITE });
  for (const wheel of wheels) {
    await python.loadPackage(HOME + wheel, { checkIntegrity: false });
  }
  const begun = python.runPython(`
import importlib, os
importlib.invalidate_caches()
os.environ["XDG_CACHE_HOME"] = "/tmp/kept"
from coopfx_page.inside import begin
begin
`) as (language: string) => typeof ask;
  ask = begun(language);
  return { version: python.version };
}

function answer({ what, arguments: given }: Request): unknown {
  if (!ask) throw new Error("not started");
  const found = ask(what, ...given) as { toJs?: () => Uint8Array; destroy?: () => void } | string;
  if (typeof found === "string") return JSON.parse(found);
  const bytes = found.toJs!();
  found.destroy!();
  return bytes;
}
