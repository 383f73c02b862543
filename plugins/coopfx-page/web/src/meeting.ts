// The meeting: the articles with their numbers in place, and beside them who gains and who loses.

import { html, nothing, type TemplateResult } from "lit-html";
import { framed } from "./framed";
import type {
  Ahead,
  Article,
  Compared,
  Gains,
  NumberPlace,
  ScenarioCompared,
  Told,
} from "./protocol";
import { changed, engine, state, working, type Scenario } from "./state";
import { amount, say } from "./words";

const PAUSE = 150;
let timer: number | undefined;
let latest = 0;

const key = (line: number, place: NumberPlace): string => `${line}:${place.start}`;

function scenario(): [string, string][] {
  const found: [string, string][] = [];
  for (const { lines } of state.articles) {
    for (const { line, numbers } of lines) {
      for (const place of numbers) {
        const tried = state.tried[key(line, place)];
        if (tried === undefined || tried.trim() === "" || tried === place.number) continue;
        const written = place.text.replace(place.number, tried);
        found.push(["change", `${line}: ${place.text} -> ${written}`]);
      }
    }
  }
  return found;
}

/** Try a number: it is compared when nothing more is typed for a moment. */
function set(line: number, place: NumberPlace, value: string): void {
  state.tried[key(line, place)] = value;
  changed();
  clearTimeout(timer);
  timer = setTimeout(() => void compare(), PAUSE);
}

async function compare(): Promise<void> {
  const changes = scenario();
  const mine = ++latest;
  if (!changes.length) {
    changed({ compared: undefined });
    return;
  }
  const asked = [{ name: "", changes }];
  const found = await working(() =>
    engine().ask<Compared>("compare", state.year, asked, state.by),
  );
  if (mine === latest) changed({ compared: found });
}

function keepCard(): void {
  const found = state.compared;
  if (!found?.said) return;
  const changes = scenario();
  changed({ cards: [...state.cards, { scenario: { name: named(changes), changes }, compared: found }] });
}

/** What is tried now and the scenarios that are kept, each once. */
function all(): Scenario[] {
  const changes = scenario();
  const kept = state.cards.map((card) => card.scenario);
  const now = changes.length ? [{ name: named(changes), changes }] : [];
  return [...kept.filter(({ name }) => name !== now[0]?.name), ...now];
}

function named(changes: [string, string][]): string {
  return changes.map(([, said]) => said.replace(/^\d+: /, "")).join(" ; ");
}

async function paper(): Promise<void> {
  const found = await working(() =>
    engine().ask<Told & { page?: string }>("comparison", state.year, all(), state.by),
  );
  changed({ paper: found?.page ?? "", told: found?.diagnostics ?? [] });
}

async function lookAhead(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = new FormData(event.target as HTMLFormElement);
  const assumed = String(form.get("assumed"));
  const years = Number(form.get("years"));
  const found = await working(() =>
    engine().ask<Ahead>("ahead", state.year, all(), assumed, years),
  );
  changed({ assumed, ahead: found?.ahead, told: found?.diagnostics ?? [] });
}

function by(event: Event): void {
  changed({ by: (event.target as HTMLSelectElement).value });
  void compare();
}

export function meeting(): TemplateResult {
  if (!state.year) return html`<p>${say("no_year")}</p>`;
  return html`
    <div class="columns">
      <section aria-labelledby="try">
        <h2 id="try">${say("meeting_try")}</h2>
        ${state.articles.map(article)}
        <p class="buttons">
          <button @click=${() => changed({ tried: {}, compared: undefined, paper: "", ahead: undefined })}>
            ${say("as_it_is")}
          </button>
        </p>
      </section>
      <section aria-live="polite" aria-labelledby="then">
        <h2 id="then">${say("meeting_then")}</h2>
        ${result(state.compared)}
        ${state.compared?.said
          ? html`<p class="buttons">
              <button @click=${keepCard}>${say("keep_scenario")}</button>
              <button @click=${() => print()}>${say("print")}</button>
            </p>`
          : nothing}
        ${state.cards.length ? cards() : nothing}
      </section>
    </div>
    <section aria-labelledby="ahead">
      <h2 id="ahead">${say("ahead")}</h2>
      <form class="buttons" @submit=${lookAhead}>
        <label>${say("ahead_assumed")}
          <textarea name="assumed" rows="2" placeholder=${say("ahead_example")} .value=${state.assumed}></textarea></label>
        <label>${say("ahead_years")} <input name="years" type="number" min="1" max="50" value="5" /></label>
        <button ?disabled=${state.busy}>${say("ahead_show")}</button>
      </form>
      <div aria-live="polite">${state.ahead ? ahead(state.ahead) : nothing}</div>
    </section>
    ${all().length
      ? html`<p class="buttons">
          <button ?disabled=${state.busy} @click=${() => void paper()}>${say("paper_comparison")}</button>
        </p>`
      : nothing}
    ${state.paper ? framed(say("paper_comparison"), state.paper) : nothing}
  `;
}

function article(one: Article): TemplateResult {
  return html`<fieldset>
    <legend>${one.title}</legend>
    ${one.lines.map(({ line, text, numbers }) => {
      const parts: unknown[] = [];
      let from = 0;
      for (const place of numbers) {
        parts.push(text.slice(from, place.start), field(line, place, text));
        from = place.end;
      }
      return html`<p class="line">${parts}${text.slice(from)}</p>`;
    })}
  </fieldset>`;
}

function field(line: number, place: NumberPlace, text: string): TemplateResult {
  const value = state.tried[key(line, place)] ?? place.number;
  const changedHere = value !== place.number;
  const label = say("number_in", { text: text.trim() });
  const typed = (event: Event) => set(line, place, (event.target as HTMLInputElement).value);
  const slider =
    place.unit === "%" && /^\d+([.,]\d+)?$/.test(place.number)
      ? html`<input type="range" min="0" max="100" step="1" aria-label=${label}
          .value=${value.replace(",", ".")} @input=${typed} />`
      : nothing;
  return html`<span class="number">
    ${changedHere ? html`<del>${place.text}</del>` : nothing}
    <input class=${changedHere ? "changed" : ""} size=${Math.max(3, value.length)} inputmode="decimal"
      aria-label=${label} .value=${value} @input=${typed} />${place.unit}${slider}
  </span>`;
}

function result(compared: Compared | undefined): TemplateResult {
  if (!compared) return html`<p class="faint">${say("meeting_nothing")}</p>`;
  if (!compared.said) {
    return html`<ul>
      ${compared.diagnostics.map(
        (one) => html`<li><strong>${one.code}</strong> ${one.message} ${one.help}</li>`,
      )}
    </ul>`;
  }
  const [scenario] = compared.compared?.scenarios ?? [];
  return html`
    ${compared.said.map((one) => html`<p class="sentence">${one}</p>`)}
    ${scenario ? gains(scenario) : nothing} ${scenario ? accounts(scenario) : nothing}
    ${scenario?.examples_no_longer_kept.length
      ? html`<p class="faint">
          ${say("examples_broken", { names: scenario.examples_no_longer_kept.join(" ; ") })}
        </p>`
      : nothing}
  `;
}

function accounts(scenario: NonNullable<Compared["compared"]>["scenarios"][number]): TemplateResult {
  const moved = scenario.accounts.filter(
    ({ closing }) => closing.difference !== null && /[1-9]/.test(closing.difference),
  );
  if (!moved.length) return html``;
  return html`<div class="wide" tabindex="0"><table>
    <caption>${say("accounts_closing")}</caption>
    <thead>
      <tr><th>${say("account")}</th><th>${say("before")}</th><th>${say("after")}</th>
        <th>${say("difference")}</th></tr>
    </thead>
    <tbody>
      ${moved.map(
        ({ label, closing }) => html`<tr>
          <th scope="row">${label}</th>
          <td>${amount(closing.before)}</td>
          <td>${amount(closing.after)}</td>
          <td>${amount(closing.difference, true)}</td>
        </tr>`,
      )}
    </tbody>
  </table></div>`;
}

/** Who gains and who loses: bars by group, nobody named. */
function gains(scenario: ScenarioCompared): TemplateResult {
  const rows = scenario.groups?.length
    ? scenario.groups.toSorted((one, other) => (one.group! < other.group! ? -1 : 1))
    : [scenario.people];
  return html`
    ${state.groups.length
      ? html`<label>${say("by")}
          <select @change=${by}>
            <option value="">${say("by_nothing")}</option>
            ${state.groups.map(
              ({ name, label }) =>
                html`<option value=${name} ?selected=${name === state.by}>${label}</option>`,
            )}
          </select></label>`
      : nothing}
    <div class="wide" tabindex="0"><table>
      <caption>${say("people")}</caption>
      <thead>
        <tr><th>${say("group")}</th><th>${say("gain")}</th><th>${say("lose")}</th>
          <th>${say("same")}</th><th>${say("median")}</th></tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr>
            <th scope="row">${row.group ?? say("everyone")} <span class="faint">(${row.count})</span>
              ${bar(row)}</th>
            <td>${row.gain}</td>
            <td>${row.lose}</td>
            <td>${row.same + row.unknown}</td>
            <td>${amount(row.median, true)}</td>
          </tr>`,
        )}
      </tbody>
    </table></div>
  `;
}

function bar({ count, gain, lose }: Gains): TemplateResult {
  const part = (one: number): string => `width: ${count ? (100 * one) / count : 0}%`;
  return html`<span class="bar" aria-hidden="true"
    ><span class="gain" style=${part(gain)}></span
    ><span class="lose" style=${part(lose)}></span></span>`;
}

function ahead({ projections }: NonNullable<Ahead["ahead"]>): TemplateResult {
  return html`${projections.map((one) => {
    const closings = one.years.map(({ closing }) => closing);
    const last = one.years.at(-1);
    const shown = last?.accounts.filter(({ closing }) => closing && /[1-9]/.test(closing)) ?? [];
    return html`<div class="wide" tabindex="0"><table>
      <caption>${one.name ? html`${one.name} — ` : nothing}${one.sentence}</caption>
      <thead>
        <tr><th>${say("account")}</th>${closings.map((closing) => html`<th>${closing.slice(0, 4)}</th>`)}</tr>
      </thead>
      <tbody>
        ${shown.map(
          ({ account, label }) => html`<tr>
            <th scope="row">${label}</th>
            ${one.years.map(
              (year) =>
                html`<td>${amount(year.accounts.find((other) => other.account === account)?.closing)}</td>`,
            )}
          </tr>`,
        )}
      </tbody>
    </table></div>`;
  })}`;
}

function cards(): TemplateResult {
  return html`<h3>${say("kept_scenarios")}</h3>
    <ol class="cards">
      ${state.cards.map(
        (card, place) => html`<li>
          <strong>${card.scenario.name}</strong>
          <p>${card.compared.said?.[0]}</p>
          <button @click=${() => changed({ cards: state.cards.filter((_, at) => at !== place) })}>
            ${say("drop")}
          </button>
        </li>`,
      )}
    </ol>`;
}
