// The year: what it comes to, its report, and why each figure is what it is.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Told } from "./protocol";
import { changed, engine, state, working } from "./state";
import { showYear } from "./policy";
import { say } from "./words";

export function year(): TemplateResult {
  const { opened, shown } = state;
  if (!opened?.years?.length) return html`<p>${say("no_year")}</p>`;
  return html`
    <p class="buttons">
      <label>${say("year")}
        <select @change=${chosen}>
          ${opened.years.map(
            (one) => html`<option value=${one} ?selected=${one === state.year}>${one}</option>`,
          )}
        </select>
      </label>
    </p>
    ${shown?.title ? html`<h2>${shown.title}</h2>` : nothing}
    <ul class="said">
      ${shown?.said?.map(({ tone, text }) => html`<li class=${tone}>${text}</li>`)}
    </ul>
    <form @submit=${asked}>
      <label>${say("why")}
        <input name="figure" list="figures" required />
      </label>
      <datalist id="figures">
        ${shown?.asked?.map(({ label }) => html`<option value=${label}></option>`)}
      </datalist>
      <label>${say("why_of")} <input name="record" list="records" size="8" /></label>
      <datalist id="records">
        ${shown?.records?.flatMap(({ ids }) => ids.map((id) => html`<option value=${id}></option>`))}
      </datalist>
      <button>${say("explain")}</button>
    </form>
    <div aria-live="polite">
      ${state.why ? state.why.split("\n\n").map((one) => html`<p class="prose">${one}</p>`) : nothing}
    </div>
    ${shown?.page
      ? html`<iframe title=${say("report")} sandbox="allow-same-origin" .srcdoc=${shown.page}
          @load=${fit}></iframe>`
      : nothing}
  `;
}

function chosen(event: Event): void {
  changed({ year: (event.target as HTMLSelectElement).value, why: "", compared: undefined });
  void showYear();
}

async function asked(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = new FormData(event.target as HTMLFormElement);
  const figure = String(form.get("figure")).trim();
  const record = String(form.get("record")).trim();
  const found = await working(() =>
    engine().ask<Told & { text?: string }>("why", state.year, figure, record),
  );
  const told = found?.diagnostics.map((one) => `${one.message} ${one.help}`).join("\n\n");
  changed({ why: found?.text ?? told ?? "" });
}

/** The report stands in the page as long as it is, without a bar of its own. */
function fit(event: Event): void {
  const frame = event.target as HTMLIFrameElement;
  frame.style.height = `${(frame.contentDocument?.documentElement.scrollHeight ?? 600) + 20}px`;
}
