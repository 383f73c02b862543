// coopfx as the page asks it: load everything, shut the door, start the worker, one answer a request.

import type { Loaded, Reply, Start } from "./protocol";

interface File {
  name: string;
  bytes: number;
  sha256: string;
}

export interface Manifest {
  engine: File[];
  wheels: Record<string, File>;
  examples: { name: string; data: File }[];
  /** The policy that is open at once, as `coopfx page POLICY` asks for. */
  open?: string;
}

/** How long a request may take before the worker is held to be lost. */
const PATIENCE = 120_000;

/** Fetch files, each held against its hash; `told` is given what part of all bytes is there. */
export async function load(files: File[], told: (part: number) => void): Promise<Loaded> {
  return receive(await request(files), told);
}

/** Files that a server has begun to send. */
export type Coming = { file: File; response: Response }[];

/**
 * Ask for files; resolves when all of them have begun to come. The door may be shut then: it lets no
 * request out, and what was asked for before goes on coming in.
 */
export function request(files: File[]): Promise<Coming> {
  return Promise.all(
    files.map(async (file) => {
      const response = await fetch(file.name);
      if (!response.ok || !response.body) throw new Error(`${file.name}: ${response.status}`);
      return { file, response };
    }),
  );
}

/** Files that are coming, whole, each held against its hash. */
export async function receive(coming: Coming, told: (part: number) => void): Promise<Loaded> {
  const all = coming.reduce((sum, { file }) => sum + file.bytes, 0);
  let there = 0;
  const read = async ({ file, response }: Coming[number]): Promise<[string, ArrayBuffer]> => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (const reader = response.body!.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      there += value.length;
      told(there / all);
    }
    const found = await new Blob(parts).arrayBuffer();
    if ((await sha256(found)) !== file.sha256) throw new Error(`${file.name}: not as published`);
    return [file.name, found];
  };
  return Object.fromEntries(await Promise.all(coming.map(read)));
}

async function sha256(data: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Shut the page's own door: from here on it can ask no server for anything. What no policy of a page
 * binds, calls between browsers, is taken away.
 */
export function seal(): void {
  if (document.head.querySelector("meta[data-sealed]")) return;
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"]) {
    Object.defineProperty(window, name, { value: undefined });
  }
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = "connect-src 'none'";
  meta.dataset.sealed = "";
  document.head.append(meta);
}

export class Engine {
  private worker: Worker | undefined;
  private next = 1;
  private waiting = new Map<number, { done: (answer: unknown) => void; failed: (why: Error) => void }>();

  constructor(private code: string) {}

  /** Start a worker from bytes that are there; resolves when it can be asked. */
  async start(given: Start): Promise<void> {
    const url = URL.createObjectURL(new Blob([this.code], { type: "text/javascript" }));
    this.worker = new Worker(url, { type: "module" });
    URL.revokeObjectURL(url);
    this.worker.onmessage = (event: MessageEvent<Reply>) => this.heard(event.data);
    this.worker.onerror = (event) => this.lost(new Error(event.message || "worker"));
    const started = this.expect(0);
    this.worker.postMessage(given);
    await started;
  }

  /** Ask for something; the answer is whole, or the promise is refused. */
  ask<T>(what: string, ...given: unknown[]): Promise<T> {
    if (!this.worker) return Promise.reject(new Error("ended"));
    const id = this.next++;
    const answer = this.expect(id);
    this.worker.postMessage({ id, what, arguments: given });
    return answer as Promise<T>;
  }

  /** End the worker, and everything that is asked of it. */
  end(): void {
    this.worker?.terminate();
    this.lost(new Error("ended"));
  }

  private expect(id: number): Promise<unknown> {
    return new Promise((done, failed) => {
      const watchdog = setTimeout(() => this.lost(new Error("no answer")), PATIENCE);
      const stop = () => clearTimeout(watchdog);
      this.waiting.set(id, {
        done: (answer) => (stop(), done(answer)),
        failed: (why) => (stop(), failed(why)),
      });
    });
  }

  private heard(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ("failed" in reply) waiting?.failed(new Error(reply.failed));
    else waiting?.done(reply.answer);
  }

  private lost(why: Error): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const { failed } of this.waiting.values()) failed(why);
    this.waiting.clear();
  }
}
