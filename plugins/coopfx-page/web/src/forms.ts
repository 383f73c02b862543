// Questions as fields: whatever coopfx asks, of a new cooperative or of a year's files, is asked alike.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Asked } from "./protocol";
import { say } from "./words";

/** So many choices stand beside each other; more are a list to unfold. */
const FEW = 8;

export type Typed = Record<string, string>;

/** The fields of some questions; `set` is told what is typed or chosen, and in which. */
export function fields(
  questions: Asked[],
  set: (key: string, value: string) => void,
): TemplateResult {
  // Each by its key: what is being typed stays with its question where others come and go.
  return html`${repeat(
    questions,
    ({ key }) => key,
    (one) => question(one, set),
  )}`;
}

function question(one: Asked, set: (key: string, value: string) => void): TemplateResult {
  const id = `q-${one.key}`;
  const changed = (event: Event) =>
    set(one.key, (event.target as HTMLInputElement | HTMLSelectElement).value);
  const about = html`
    ${one.why ? html`<p class="faint" id=${`${id}-why`}>${one.why}</p>` : nothing}
    ${one.amiss ? html`<p class="error" role="alert" id=${`${id}-amiss`}>${one.amiss}</p>` : nothing}
  `;
  const options =
    one.kind === "yes_no"
      ? [
          { key: "true", text: say("yes"), consequence: "" },
          { key: "false", text: say("no"), consequence: "" },
        ]
      : one.choices;
  if (options.length && options.length <= FEW) {
    return html`<fieldset class="question" data-key=${one.key}>
      <legend>${one.text} ${article(one)}</legend>
      ${about}
      ${[...options, { key: "", text: say("to_decide"), consequence: "" }].map(
        (option) => html`<label class="choice">
          <input type="radio" name=${id} value=${option.key} .checked=${one.value === option.key}
            @change=${changed} />
          <span>${option.text}
            ${option.consequence ? html`<span class="faint">— ${option.consequence}</span>` : nothing}
          </span>
        </label>`,
      )}
    </fieldset>`;
  }
  const described = [one.why && `${id}-why`, one.amiss && `${id}-amiss`, one.wanted && `${id}-wanted`];
  return html`<div class="question" data-key=${one.key}>
    <label for=${id}>${one.text}</label> ${article(one)}
    ${about}
    ${options.length
      ? html`<select id=${id} @change=${changed}>
          ${[{ key: "", text: say("to_decide") }, ...options].map(
            ({ key, text }) =>
              html`<option value=${key} ?selected=${key === one.value}>${text}</option>`,
          )}
        </select>`
      : html`<input id=${id} .value=${one.value} type=${one.kind === "date" ? "date" : "text"}
          aria-describedby=${described.filter(Boolean).join(" ")}
          aria-invalid=${one.amiss ? "true" : "false"} @change=${changed} />`}
    <span class="faint" id=${`${id}-wanted`}>${one.wanted}</span>
  </div>`;
}

function article(one: Asked): TemplateResult | typeof nothing {
  return one.article ? html`<span class="faint">(${one.article})</span>` : nothing;
}
