// The files of a year: what each column of them is taken for, what is asked about them, what is missing.

import { html, nothing, type TemplateResult } from "lit-html";
import { fields } from "./forms";
import { download, filesOf, gathered, keep, take } from "./policy";
import type { Figures, Opened, SheetMeant } from "./protocol";
import { changed, engine, state, working } from "./state";
import { say } from "./words";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
let latest = 0;

/** Look at the files of the year that is shown. */
export async function look(): Promise<void> {
  const { year } = state;
  if (!year || !state.opened?.years?.includes(year)) {
    changed({ figures: undefined });
    return;
  }
  const before = state.figures?.year === year ? state.figures : undefined;
  const typed = before?.typed ?? {};
  const mine = ++latest;
  const found = await working(() => engine().ask<Figures>("data", year, typed));
  if (mine !== latest || !found) return;
  const first = new Set([...(before?.first ?? []), ...(found.waited ?? [])]);
  changed({ figures: { year, typed, found, first }, told: found.diagnostics });
}

function set(key: string, value: string): void {
  const { figures } = state;
  if (!figures) return;
  changed({ figures: { ...figures, typed: { ...figures.typed, [key]: value } } });
  void look();
}

/** Keep what the form says, as it is shown: what stands in a field is the answer. */
async function kept(): Promise<void> {
  const { figures } = state;
  if (!figures) return;
  const found = await working(() =>
    engine().ask<Figures & Opened>("take", figures.year, figures.typed),
  );
  if (!found) return;
  changed({ figures: { ...figures, found: { ...figures.found, ...found } } });
  if (!found.texts) {
    changed({ told: found.diagnostics });
    return;
  }
  changed({ figures: undefined });
  await take(found);
  await keep();
  changed({ tab: "year" });
}

/** Put files into the year that is written above them. */
export async function put(files: Map<string, Uint8Array>): Promise<void> {
  const year = state.newYear || state.year;
  const opened = await working(() => engine().ask<Opened>("add", year, files));
  if (!opened) return;
  if (!opened.texts) {
    changed({ told: opened.diagnostics });
    return;
  }
  changed({ year, newYear: "", figures: undefined, waiting: undefined });
  await take(opened);
  await keep();
  await look();
}

async function template(): Promise<void> {
  const year = state.newYear || state.year;
  const found = await working(() =>
    engine().ask<{ text: string; files: Record<string, string> }>("template", year),
  );
  for (const [name, data] of Object.entries(found?.files ?? {})) {
    download(Uint8Array.from(atob(data), (one) => one.charCodeAt(0)), name, XLSX);
  }
  if (found && !Object.keys(found.files).length) changed({ broken: found.text });
}

async function chosen(event: Event): Promise<void> {
  const input = event.target as HTMLInputElement;
  if (input.files?.length) await put(await filesOf(input.files));
  input.value = "";
}

async function dropped(event: DragEvent): Promise<void> {
  event.preventDefault();
  if (event.dataTransfer) await put(await gathered(event.dataTransfer.items));
}

export function figures(): TemplateResult {
  const years = state.opened?.years ?? [];
  const found = state.figures?.found;
  return html`
    <h2>${say("figures")}</h2>
    <p class="lead">${say("figures_what")}</p>
    <p class="buttons">
      <label>${say("year")}
        <input name="year" list="known-years" size="10" .value=${state.newYear || state.year} @change=${otherYear} /></label>
      <datalist id="known-years">${years.map((one) => html`<option value=${one}></option>`)}</datalist>
      <button @click=${() => void template()}>${say("template")}</button>
    </p>
    <div class="drop" @dragover=${(event: Event) => event.preventDefault()} @drop=${dropped}>
      <p>${say("drop_figures")}</p>
      <p class="buttons">
        <label class="button">${say("choose_files")}
          <input type="file" multiple name="figures" @change=${chosen} /></label>
        ${state.waiting
          ? html`<button class="main" @click=${() => void put(state.waiting!)}>
              ${say("put_waiting", { names: [...state.waiting.keys()].join(", ") })}
            </button>`
          : nothing}
      </p>
    </div>
    ${found ? meant(found) : nothing}
  `;
}

function meant(found: Figures): TemplateResult {
  const { sheets = [], others = [], questions = [], needs = [] } = found;
  const first = (key: string): boolean => !key.startsWith("own:") || state.figures!.first.has(key);
  const asked = questions.filter(({ key }) => first(key));
  const aside = questions.filter(({ key }) => !first(key));
  return html`
    ${sheets.map(
      (sheet) => html`<table class="meant">
        <caption>${sheet.lines}</caption>
        <thead><tr><th>${say("column")}</th><th class="left">${say("taken_for")}</th></tr></thead>
        <tbody>
          ${sheet.columns.map(
            (column) => html`<tr><th scope="row">${column.name}</th>
              <td class="left">${meaning(sheet, column)}</td></tr>`,
          )}
        </tbody>
      </table>`,
    )}
    ${others.length ? html`<ul>${others.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
    ${asked.length ? html`<h3>${say("figures_asked")}</h3> ${fields(asked, set)}` : nothing}
    ${questions.length || sheets.length
      ? html`<p class="buttons">
          <button class="main" ?disabled=${state.busy} @click=${() => void kept()}>
            ${say("figures_keep")}
          </button>
        </p>`
      : nothing}
    ${aside.length
      ? html`<details>
          <summary>${say("figures_aside", { count: aside.length })}</summary>
          ${fields(aside, set)}
        </details>`
      : nothing}
    ${needs.length
      ? html`<details>
          <summary>${say("figures_missing", { count: needs.length })}</summary>
          <ul>
            ${needs.map(
              (one) => html`<li>${one.label}
                <span class="faint">${one.file}${one.records.length ? `: ${one.records.slice(0, 8).join(", ")}` : ""}</span>
              </li>`,
            )}
          </ul>
        </details>`
      : nothing}
  `;
}

/** What a column is taken for, which the reader may say otherwise. */
function meaning(sheet: SheetMeant, column: SheetMeant["columns"][number]): TemplateResult {
  const [one, ...more] = column.given;
  const shown = column.given.map(({ label }) => label).join(", ");
  const value = more.length ? "*" : (one?.word ?? "");
  const listed = sheet.choices.some(([word]) => word === value);
  return html`<select aria-label=${say("meaning_of", { name: column.name })}
    @change=${(event: Event) => set(column.key, (event.target as HTMLSelectElement).value)}>
    <option value="" ?selected=${value === ""}>${say("unread")}</option>
    ${value && !listed ? html`<option value=${value} selected disabled>${shown}</option>` : nothing}
    ${sheet.choices.map(
      ([word, label]) => html`<option value=${word} ?selected=${word === value}>${label}</option>`,
    )}
  </select>`;
}

function otherYear(event: Event): void {
  const year = (event.target as HTMLInputElement).value.trim();
  if (state.opened?.years?.includes(year)) {
    changed({ year, newYear: "", figures: undefined });
    void look();
  } else {
    changed({ newYear: year, figures: undefined });
  }
}
