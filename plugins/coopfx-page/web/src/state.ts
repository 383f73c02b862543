// What the page holds, in one place; whoever changes it calls `changed`.

import type { Article, Asked, Compared, Diagnostic, Figures, Opened, YearShown } from "./protocol";
import type { Engine } from "./engine";

export type Tab = "open" | "new" | "statute" | "figures" | "year" | "meeting" | "papers";

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
  articles: Article[];
  /** The numbers that the meeting tries, by line and place. */
  tried: Record<string, string>;
  compared: Compared | undefined;
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
}

export const state: State = {
  tab: "open",
  progress: 0,
  heavy: 0,
  broken: "",
  busy: false,
  opened: undefined,
  file: "",
  year: "",
  shown: undefined,
  why: "",
  articles: [],
  tried: {},
  compared: undefined,
  cards: [],
  told: [],
  proved: "",
  beginning: undefined,
  figures: undefined,
  newYear: "",
  waiting: undefined,
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
