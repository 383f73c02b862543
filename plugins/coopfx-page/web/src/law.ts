// A law's text that was dropped: article by article, what it asks, in words.

import { html, nothing, type TemplateResult } from "lit-html";
import { state } from "./state";
import { say } from "./words";

export function law(): TemplateResult {
  const { law: shown, told } = state;
  if (!shown) return html`<h2>${say("law")}</h2>`;
  return html`
    <h2>${shown.title} <span class="faint">${shown.name}</span></h2>
    ${told.length ? nothing : html`<p class="good">${say("law_fine")}</p>`}
    ${shown.articles.map(
      (article) => html`<section>
        <h3>${article.title}</h3>
        <p class="faint">${article.reference}</p>
        ${article.rules.length
          ? html`<ul>${article.rules.map(({ name, asks }) => html`<li>${name} <span class="faint">${asks}</span></li>`)}</ul>`
          : nothing}
      </section>`,
    )}
  `;
}
