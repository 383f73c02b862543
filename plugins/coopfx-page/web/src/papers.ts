// Papers and proofs, in a worker of their own, which is ended when they are made or no longer wanted.

import { html, nothing, type TemplateResult } from "lit-html";
import { Engine } from "./engine";
import type { Opened, Start, Told } from "./protocol";
import { changed, engine, state, working } from "./state";
import { download } from "./policy";
import { language, say } from "./words";

const FORMS: Record<string, string> = {
  "report.pdf": "application/pdf",
  "statement.pdf": "application/pdf",
  "resolutions.md": "text/markdown",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
const HEAVY = ["report.pdf", "statement.pdf"];
/** Formats whose one file is named after the year. */
const SINGLE = ["xlsx", "json"];

let start: ((wheels: string[]) => Start) | undefined;
let code = "";
let second: Engine | undefined;

export function secondWorker(worker: string, given: (wheels: string[]) => Start): void {
  [code, start] = [worker, given];
}

/** A second worker with the policy as it stands, and with further wheels. */
async function begun(wheels: string[]): Promise<Engine> {
  if (!start) throw new Error("not started");
  const data = await engine().ask<Uint8Array>("save");
  second = new Engine(code);
  await second.start({ ...start(wheels), language: language() });
  await second.ask<Opened>("open_zip", data, state.opened?.name ?? "");
  return second;
}

export function cancel(): void {
  second?.end();
  second = undefined;
}

async function write(form: string): Promise<void> {
  const found = await working(async () => {
    const made = HEAVY.includes(form) ? await begun(["typst"]) : engine();
    try {
      return await made.ask<Told & { files?: Record<string, string> }>("paper", state.year, form);
    } finally {
      cancel();
    }
  });
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
  const found = await working(async () => {
    const made = await begun(["z3"]);
    try {
      return await made.ask<{ text: string }>("prove");
    } finally {
      cancel();
    }
  });
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
      ${state.busy ? html`<button @click=${cancel}>${say("cancel")}</button>` : nothing}
    </p>
    <div aria-live="polite">
      ${state.proved ? html`<pre tabindex="0">${state.proved}</pre>` : nothing}
    </div>
  `;
}
