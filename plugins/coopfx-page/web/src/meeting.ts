// The meeting: the articles with their numbers in place, and beside them who gains and who loses.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Article, Compared, NumberPlace } from "./protocol";
import { changed, engine, state, working } from "./state";
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
  const found = await working(() => engine().ask<Compared>("compare", state.year, asked));
  if (mine === latest) changed({ compared: found });
}

function keepCard(): void {
  const found = state.compared;
  if (!found?.said) return;
  const changes = scenario();
  const name = changes.map(([, said]) => said.replace(/^\d+: /, "")).join(" ; ");
  changed({ cards: [...state.cards, { scenario: { name, changes }, compared: found }] });
}

export function meeting(): TemplateResult {
  if (!state.year) return html`<p>${say("no_year")}</p>`;
  return html`
    <div class="columns">
      <section aria-labelledby="try">
        <h2 id="try">${say("meeting_try")}</h2>
        ${state.articles.map(article)}
        <p class="buttons">
          <button @click=${() => changed({ tried: {}, compared: undefined })}>
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
    ${scenario ? accounts(scenario) : nothing}
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
  return html`<table>
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
  </table>`;
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
