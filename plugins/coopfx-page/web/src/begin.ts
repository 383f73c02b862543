// A new cooperative: what its model and the law leave open, asked as a form, and its statutes written.

import { html, nothing, type TemplateResult } from "lit-html";
import { fields } from "./forms";
import { entered } from "./policy";
import type { Begun, Opened } from "./protocol";
import { changed, engine, state, working } from "./state";
import { say } from "./words";

let latest = 0;

/** Ask for a new cooperative, or `again` what was asked of the one that is open. */
export async function ask(again: boolean): Promise<void> {
  changed({ tab: "new", beginning: { again, typed: {}, questions: [] } });
  await asked();
}

/** Ask anew, with what is typed so far. */
export async function asked(): Promise<void> {
  const form = state.beginning;
  if (!form) return;
  const mine = ++latest;
  const found = await working(() => engine().ask<Begun>("new", form.typed, form.again));
  if (mine !== latest || !found) return;
  changed({ beginning: { ...form, questions: found.questions }, told: found.diagnostics });
}

function set(key: string, value: string): void {
  const form = state.beginning;
  if (!form) return;
  changed({ beginning: { ...form, typed: { ...form.typed, [key]: value } } });
  void asked();
}

async function written(): Promise<void> {
  const form = state.beginning;
  if (!form) return;
  const found = await working(() =>
    engine().ask<Begun & Opened>("begin", form.typed, form.again),
  );
  if (!found) return;
  changed({ beginning: { ...form, questions: found.questions }, told: found.diagnostics });
  if (found.texts) await entered(found, "statute");
}

export function begin(): TemplateResult {
  const form = state.beginning;
  if (!form) return html``;
  const chosen = form.questions.length > 1;
  return html`
    <h2>${say(form.again ? "answers_again" : "new")}</h2>
    <p class="lead">${say("new_what")}</p>
    ${state.waiting ? html`<p>${say("files_wait", { names: [...state.waiting.keys()].join(", ") })}</p>` : nothing}
    ${fields(form.questions, set)}
    <p class="buttons">
      <button class="main" ?disabled=${!chosen || state.busy} @click=${() => void written()}>
        ${say("new_write")}
      </button>
      <button @click=${() => changed({ tab: "open", beginning: undefined })}>${say("leave")}</button>
    </p>
  `;
}
