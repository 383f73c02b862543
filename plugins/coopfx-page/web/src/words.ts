// The page's own sentences, in the reader's language.

export type Texts = Record<string, Record<string, string>>;

let texts: Texts = {};
let spoken = "en";

export const LANGUAGES: Record<string, string> = {
  fr: "Français",
  es: "Español",
  it: "Italiano",
  en: "English",
};

export async function loadWords(): Promise<void> {
  texts = (await (await fetch("words.json")).json()) as Texts;
}

export function language(): string {
  return spoken;
}

export function speak(chosen: string): void {
  spoken = chosen in texts ? chosen : "en";
  document.documentElement.lang = spoken;
}

/** The language that the reader's browser asks for, of those that the page has. */
export function preferred(): string {
  const asked = navigator.languages.map((one) => one.slice(0, 2));
  return asked.find((one) => one in LANGUAGES) ?? "en";
}

export function say(key: string, filled: Record<string, string | number> = {}): string {
  const found = texts[spoken]?.[key] ?? texts.en?.[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(filled[name] ?? whole));
}

/** A sum as the reader writes it, from the exact text of an answer: no figure passes through a float. */
export function amount(text: string | null | undefined, sign = false): string {
  if (text === null || text === undefined) return "?";
  const [, minus = "", whole = "", decimals = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (!whole) return text;
  const group = spoken === "en" ? "," : spoken === "fr" ? "\u202f" : ".";
  const point = spoken === "en" ? "." : ",";
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const before = minus ? "−" : sign && /[1-9]/.test(text) ? "+" : "";
  return before + grouped + (decimals ? point + decimals : "");
}
