// Papers and proofs, in a worker of their own, which is ended when they are made or no longer wanted.

import { html, nothing, type TemplateResult } from "lit-html";
import { Engine, type Manifest } from "./engine";
import type { Loaded, Opened, Told } from "./protocol";
import { changed, engine, state, working } from "./state";
import { download } from "./policy";
import { language, say } from "./words";

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const FORMS: Record<string, string> = {
  "report.pdf": "application/pdf",
  "statement.pdf": "application/pdf",
  "indicators.pdf": "application/pdf",
  "resolutions.docx": DOCX,
  "resolutions.md": "text/markdown",
  "minutes.docx": DOCX,
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
const HEAVY = ["report.pdf", "statement.pdf", "indicators.pdf"];
/** Formats whose one file is named after the year. */
const SINGLE = ["xlsx", "json"];

let code = "";
let light: Loaded = {};
let wheels: Manifest["wheels"] = {};
let coming: Promise<Loaded> = Promise.reject(new Error("not started"));
coming.catch(() => {});
/** The task that is under way, for as long as it is wanted. */
let task: { worker: Engine; stop: () => void } | undefined;

/** What the second worker is made of; solver and typesetter may still be coming in. */
export function secondWorker(
  worker: string,
  files: Loaded,
  named: Manifest["wheels"],
  heavy: Promise<Loaded>,
): void {
  [code, light, wheels, coming] = [worker, files, named, heavy];
  // Who needs it is told; nobody else.
  heavy.catch(() => {});
}

class Stopped extends Error {}

/** Do something in a second worker, with the policy as it stands and further wheels; then end it. */
async function inSecond<T>(names: string[], make: (worker: Engine) => Promise<T>): Promise<T> {
  cancel();
  const worker = new Engine(code);
  const stopped = new Promise<never>((_, failed) => {
    task = { worker, stop: () => failed(new Stopped()) };
  });
  const mine = task;
  changed();
  const run = async (): Promise<T> => {
    const [data, heavy] = await Promise.all([engine().ask<Uint8Array>("save"), coming]);
    const own = names.map((name) => wheels[name]!.name);
    const loaded = { ...light, ...Object.fromEntries(own.map((name) => [name, heavy[name]!])) };
    if (task !== mine) throw new Stopped();
    await worker.start({ loaded, wheels: own, language: language() });
    await worker.ask<Opened>("open_zip", data, state.opened?.name ?? "");
    return await make(worker);
  };
  try {
    return await Promise.race([run(), stopped]);
  } finally {
    worker.end();
    if (task === mine) task = undefined;
  }
}

/** End what is under way: nothing of it is shown. */
export function cancel(): void {
  task?.stop();
  task?.worker.end();
  task = undefined;
}

/** What a task gives; nothing where it was stopped. */
async function unlessStopped<T>(make: () => Promise<T>): Promise<T | undefined> {
  return working(async () => {
    try {
      return await make();
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    }
  });
}

async function write(form: string): Promise<void> {
  const paper = (made: Engine) =>
    made.ask<Told & { files?: Record<string, string> }>("paper", state.year, form);
  const found = await unlessStopped(() =>
    HEAVY.includes(form) ? inSecond(["typst"], paper) : paper(engine()),
  );
  changed({ told: found?.diagnostics ?? state.told });
  for (const [name, data] of Object.entries(found?.files ?? {})) {
    const called = SINGLE.includes(name) ? `${state.year}.${name}` : name;
    if (data) download(bytes(data), called, FORMS[form] ?? "");
  }
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
}

async function prove(): Promise<void> {
  changed({ proved: "" });
  const found = await unlessStopped(() =>
    inSecond(["z3"], (made) => made.ask<{ text: string }>("prove")),
  );
  changed({ proved: found?.text ?? "" });
}

export function papers(): TemplateResult {
  return html`
    <h2>${say("papers")}</h2>
    ${state.year
      ? html`<p class="buttons">
          ${Object.keys(FORMS).map(
            (form) => html`<button ?disabled=${state.busy} @click=${() => void write(form)}>
              ${say(`paper_${form.replace(".", "_")}`)}
            </button>`,
          )}
        </p>`
      : html`<p>${say("no_year")}</p>`}
    <h2>${say("proofs")}</h2>
    <p>${say("proofs_what")}</p>
    <p class="buttons">
      <button ?disabled=${state.busy} @click=${() => void prove()}>${say("prove")}</button>
    </p>
    ${task
      ? html`<p class="buttons" role="status">
          <button @click=${() => (cancel(), changed())}>${say("cancel")}</button>
          ${state.heavy < 1
            ? html`<span>${say("coming")}</span>
                <progress max="1" .value=${state.heavy} aria-label=${say("coming")}></progress>`
            : nothing}
        </p>`
      : nothing}
    <div aria-live="polite">
      ${state.proved ? html`<pre tabindex="0">${state.proved}</pre>` : nothing}
    </div>
  `;
}
