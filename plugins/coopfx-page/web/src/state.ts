// What the page holds, in one place; whoever changes it calls `changed`.

import type { Ahead, Article, Asked, Compared, Diagnostic, Figures, LawShown, Opened, YearShown } from "./protocol";
import type { Engine } from "./engine";

export type Tab = "open" | "new" | "law" | "statute" | "figures" | "year" | "meeting" | "papers";

export interface Scenario {
  name: string;
  changes: [string, string][];
}

export interface State {
  tab: Tab;
  /** What part of the engine is there; 1 when it can be asked. */
  progress: number;
  /** What part of solver and typesetter is there. */
  heavy: number;
  broken: string;
  busy: boolean;
  opened: Opened | undefined;
  file: string;
  year: string;
  shown: YearShown | undefined;
  why: string;
  /** The indicators over the years, as a page of their own. */
  indicators: string;
  articles: Article[];
  /** The numbers that the meeting tries, by line and place. */
  tried: Record<string, string>;
  compared: Compared | undefined;
  /** What people may be grouped by, and by what they are. */
  groups: { name: string; label: string }[];
  by: string;
  /** The meeting's paper of the scenarios, and the years that follow. */
  paper: string;
  assumed: string;
  ahead: Ahead["ahead"];
  cards: { scenario: Scenario; compared: Compared }[];
  told: Diagnostic[];
  proved: string;
  /** What is asked of a new cooperative, and what is typed of it. */
  beginning: { again: boolean; typed: Record<string, string>; questions: Asked[] } | undefined;
  /** What is asked of a year's files, and what is typed of it. */
  figures:
    | {
        year: string;
        typed: Record<string, string>;
        found: Figures;
        /** The questions that shares have waited for since the year was looked at. */
        first: Set<string>;
      }
    | undefined;
  /** A year that files are put into, and that is not there yet. */
  newYear: string;
  /** Files of a year that were dropped before there were statutes. */
  waiting: Map<string, Uint8Array> | undefined;
  /** A law's text that was dropped, as it was checked. */
  law: LawShown["law"];
}

/** Nothing asked yet of a year: no figure tried, no paper made, no explanation. */
export const UNASKED = {
  tried: {},
  compared: undefined,
  by: "",
  paper: "",
  ahead: undefined,
  indicators: "",
  why: "",
} satisfies Partial<State>;

export const state: State = {
  ...UNASKED,
  tab: "open",
  progress: 0,
  heavy: 0,
  broken: "",
  busy: false,
  opened: undefined,
  file: "",
  year: "",
  shown: undefined,
  articles: [],
  groups: [],
  assumed: "",
  cards: [],
  told: [],
  proved: "",
  beginning: undefined,
  figures: undefined,
  newYear: "",
  waiting: undefined,
  law: undefined,
};

let draw = (): void => {};
let asked: Engine | undefined;

export function onChange(redraw: () => void): void {
  draw = redraw;
}

export function changed(some: Partial<State> = {}): void {
  Object.assign(state, some);
  draw();
}

export function setEngine(engine: Engine): void {
  asked = engine;
}

export function engine(): Engine {
  if (!asked) throw new Error("not started");
  return asked;
}

/** Do something that asks the engine; that it works shows, and that it failed is told. */
export async function working<T>(make: () => Promise<T>): Promise<T | undefined> {
  changed({ busy: true, broken: "" });
  try {
    return await make();
  } catch (error) {
    changed({ broken: String(error) });
    return undefined;
  } finally {
    changed({ busy: false });
  }
}
