// The year: what it comes to, its report, and why each figure is what it is.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Told } from "./protocol";
import { changed, engine, state, working, UNASKED } from "./state";
import { framed } from "./framed";
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
    ${shown
      ? html`<p class="buttons">
          <button ?disabled=${state.busy} @click=${() => void indicators()}>${say("indicators")}</button>
        </p>`
      : nothing}
    ${state.indicators ? framed(say("indicators"), state.indicators) : nothing}
    ${shown?.page
      ? framed(say("report"), shown.page)
      : nothing}
  `;
}

function chosen(event: Event): void {
  changed({
    year: (event.target as HTMLSelectElement).value,
    ...UNASKED,
  });
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

/** The indicators over the years, as their own paper has them. */
async function indicators(): Promise<void> {
  const found = await working(() =>
    engine().ask<Told & { files?: Record<string, string> }>("paper", state.year, "indicators.html"),
  );
  const [page] = Object.values(found?.files ?? {});
  const bytes = Uint8Array.from(atob(page ?? ""), (one) => one.charCodeAt(0));
  changed({ indicators: new TextDecoder().decode(bytes), told: found?.diagnostics ?? [] });
}
