// The page: its tabs, opening a policy, and what coopfx tells.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { Engine, load, receive, request, seal, type Manifest } from "./engine";
import { ask, asked, begin as newCooperative } from "./begin";
import { figures, look } from "./figures";
import { law } from "./law";
import { meeting } from "./meeting";
import { papers, secondWorker } from "./papers";
import {
  filesOf,
  gathered,
  kept,
  openSome,
  openZip,
  save,
  take,
} from "./policy";
import type { Opened } from "./protocol";
import { changed, engine, onChange, setEngine, state, working, type Tab } from "./state";
import { accept, mount, reload, unmount } from "./statute";
import { language, LANGUAGES, loadWords, preferred, say, speak } from "./words";
import { year } from "./year";

const TABS: Tab[] = ["open", "statute", "figures", "year", "meeting", "papers"];
let examples: { name: string; data: Uint8Array }[] = [];
let left: Uint8Array | undefined;

function page(): TemplateResult {
  const ready = state.progress === 1;
  const shown = ["new", "law"].includes(state.tab) ? "open" : state.tab;
  return html`
    <header>
      <h1>coopfx</h1>
      <nav aria-label=${say("parts")}>
        ${TABS.map(
          (tab) => html`<button aria-current=${shown === tab ? "page" : "false"}
            ?disabled=${tab !== "open" && !state.opened} @click=${() => go(tab)}>
            ${say(`tab_${tab}`)}
          </button>`,
        )}
        ${state.opened ? html`<button @click=${() => void save()}>${say("save")}</button>` : nothing}
      </nav>
      <label>${say("language")}
        <select @change=${spoken}>
          ${Object.entries(LANGUAGES).map(
            ([code, name]) =>
              html`<option value=${code} lang=${code} ?selected=${code === language()}>${name}</option>`,
          )}
        </select>
      </label>
    </header>
    ${ready
      ? nothing
      : html`<p role="status">${say("loading")}
          <progress max="1" .value=${state.progress} aria-label=${say("loading")}></progress></p>`}
    ${state.busy ? html`<p class="busy" role="status">${say("working")}</p>` : nothing}
    ${state.broken ? html`<p class="error" role="alert">${say("broken", { why: state.broken })}</p>` : nothing}
    <main>${part()}</main>
    ${told()}
    <footer>${say("nothing_sent")} <a href="licences.txt">${say("licences")}</a></footer>
  `;
}

function part(): TemplateResult {
  switch (state.tab) {
    case "statute":
      return statute();
    case "year":
      return year();
    case "meeting":
      return meeting();
    case "papers":
      return papers();
    case "figures":
      return figures();
    case "law":
      return law();
    case "new":
      return newCooperative();
    case "open":
      return open();
  }
}

function open(): TemplateResult {
  const ready = state.progress === 1;
  return html`
    <p class="lead">${say("what_it_is")}</p>
    <div class="drop" @dragover=${(event: Event) => event.preventDefault()} @drop=${dropped}>
      <p>${say("drop_here")}</p>
      <p class="buttons">
        <label class="button">${say("choose_folder")}
          <input type="file" webkitdirectory ?disabled=${!ready} @change=${chosen} /></label>
        <label class="button">${say("choose_zip")}
          <input type="file" multiple name="files" ?disabled=${!ready} @change=${chosen} /></label>
      </p>
    </div>
    ${state.waiting
      ? html`<p role="status">${say("files_wait", { names: [...state.waiting.keys()].join(", ") })}</p>`
      : nothing}
    <p class="buttons">
      <button ?disabled=${!ready} @click=${() => void ask(false)}>${say("new")}</button>
    </p>
    <h2>${say("examples")}</h2>
    <p class="buttons">
      ${examples.map(
        ({ name, data }) => html`<button ?disabled=${!ready}
          @click=${() => void openZip(data, name)}>${name}</button>`,
      )}
    </p>
    ${left
      ? html`<h2>${say("left_here")}</h2>
          <p class="buttons"><button ?disabled=${!ready} @click=${restore}>${say("restore")}</button></p>`
      : nothing}
  `;
}

function statute(): TemplateResult {
  return html`
    <p class="buttons">
      <label>${say("text")}
        <select @change=${otherText}>
          ${Object.keys(state.opened?.texts ?? {}).map(
            (file) => html`<option value=${file} ?selected=${file === state.file}>${file}</option>`,
          )}
        </select>
      </label>
      <button @click=${() => void accept()}>${say("take_over")}</button>
      ${state.opened?.begun
        ? html`<button @click=${() => void ask(true)}>${say("answers_again")}</button>`
        : nothing}
    </p>
    <div id="editor"></div>
  `;
}

function told(): TemplateResult | typeof nothing {
  if (!state.told.length) return nothing;
  return html`<section class="told" aria-label=${say("told")}>
    <h2>${say("told")}</h2>
    <ul>
      ${state.told.map(
        (one) => html`<li class=${one.severity}>
          <strong>${one.code}</strong>
          ${one.file ? html`<span class="faint">${one.file.split("/").at(-1)}${one.line ? `:${one.line}` : ""}</span>` : nothing}
          ${one.message} <span class="help">${one.help}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}

function draw(): void {
  if (state.tab !== "statute") unmount();
  render(page(), document.body);
  const place = document.querySelector("#editor");
  if (place) mount(place);
}

function go(tab: Tab): void {
  changed({ tab });
  if (tab === "figures") void look();
  document.querySelector("main")?.scrollIntoView({ block: "nearest" });
}

function spoken(event: Event): void {
  speak((event.target as HTMLSelectElement).value);
  changed();
  if (state.progress < 1) return;
  void working(() => engine().ask<Opened>("speak", language())).then(async (opened) => {
    if (opened?.texts) await take(opened);
    if (state.tab === "new") await asked();
    if (state.tab === "figures") await look();
  });
}

function otherText(event: Event): void {
  changed({ file: (event.target as HTMLSelectElement).value });
  reload();
}

function dropped(event: DragEvent): void {
  event.preventDefault();
  if (!event.dataTransfer || state.progress < 1) return;
  void gathered(event.dataTransfer.items).then(openSome);
}

function chosen(event: Event): void {
  const input = event.target as HTMLInputElement;
  if (!input.files?.length) return;
  void filesOf(input.files)
    .then(openSome)
    .then(() => (input.value = ""));
}

function restore(): void {
  if (left) void openZip(left);
}

async function begin(): Promise<void> {
  await loadWords();
  speak(preferred());
  onChange(draw);
  draw();
  const manifest = (await (await fetch("manifest.json")).json()) as Manifest;
  const code = await (await fetch("worker.js")).text();
  const files = await load(manifest.engine, (progress) => changed({ progress: progress * 0.9 }));
  const loaded = await load(manifest.examples.map((one) => one.data), () => {});
  examples = manifest.examples.map(({ name, data }) => ({
    name,
    data: new Uint8Array(loaded[data.name]!),
  }));
  left = await kept();
  // What solver and typesetter need is asked for before the door is shut, and comes in while the first
  // figures are read.
  const heavy = await request(Object.values(manifest.wheels));
  seal();
  const own = new Engine(code);
  await own.start({ loaded: files, wheels: [], language: language() });
  setEngine(own);
  const given = manifest.open ? examples.find(({ name }) => name === manifest.open) : undefined;
  changed({ progress: 1 });
  if (given) await openZip(given.data, given.name);
  secondWorker(code, files, manifest.wheels, receive(heavy, (part) => changed({ heavy: part })));
}

// What fails while nobody waits for it is told as well.
addEventListener("unhandledrejection", ({ reason }) => changed({ broken: String(reason) }));
addEventListener("error", ({ error }) => error && changed({ broken: String(error) }));
begin().catch((error: unknown) => changed({ broken: String(error) }));
