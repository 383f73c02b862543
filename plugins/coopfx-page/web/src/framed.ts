// A page of coopfx's own inside this one: without scripts, and as long as it is.

import { html, type TemplateResult } from "lit-html";

export function framed(title: string, page: string): TemplateResult {
  return html`<iframe title=${title} sandbox="allow-same-origin" .srcdoc=${page} @load=${fit}></iframe>`;
}

/** It stands in the page without a bar of its own. */
function fit(event: Event): void {
  const frame = event.target as HTMLIFrameElement;
  frame.style.height = `${(frame.contentDocument?.documentElement.scrollHeight ?? 600) + 20}px`;
}
