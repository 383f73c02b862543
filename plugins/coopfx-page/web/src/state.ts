// What the page holds, in one place; whoever changes it calls `changed`.

import type { Article, Compared, Diagnostic, Opened, YearShown } from "./protocol";
import type { Engine } from "./engine";

export type Tab = "open" | "statute" | "year" | "meeting" | "papers";

export interface Scenario {
  name: string;
  changes: [string, string][];
}

export interface State {
  tab: Tab;
  /** What part of the engine is there; 1 when it can be asked. */
  progress: number;
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
}

export const state: State = {
  tab: "open",
  progress: 0,
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
