// What passes between the page and the worker that holds coopfx: one request, one whole answer.

/** A file of the page that the worker needs, by its name: fetched before the door is shut. */
export type Loaded = Record<string, ArrayBuffer>;

export interface Start {
  loaded: Loaded;
  /** Wheels to install beside the archive: the solver and the typesetter. */
  wheels: string[];
  language: string;
}

export interface Request {
  id: number;
  what: string;
  arguments: unknown[];
}

export type Reply =
  | { id: number; answer: unknown }
  | { id: number; failed: string };

/** What coopfx tells, as `coopfx check --format json` has it. */
export interface Diagnostic {
  code: string;
  severity: "error" | "warning" | "note";
  message: string;
  help: string;
  file: string | null;
  line: number | null;
  /** Of a text being written: line, column, end line, end column, in UTF-16 units from 1. */
  span?: Place | null;
  mends?: { span: Place; text: string }[];
}

export type Place = [number, number, number, number];

export interface Told {
  diagnostics: Diagnostic[];
}

export interface Opened extends Told {
  name?: string;
  languages?: string[];
  texts?: Record<string, string>;
  years?: string[];
  /** Whether it was begun by answers, which can be asked again. */
  begun?: boolean;
}

/** A question, as coopfx asks it, with what its field holds. */
export interface Asked {
  key: string;
  kind: string;
  text: string;
  why: string;
  article: string | null;
  choices: { key: string; text: string; consequence: string }[];
  wanted: string;
  value: string;
  amiss: string;
}

export interface Begun extends Told {
  questions: Asked[];
}

/** A sheet, with what its columns are taken for and what they could be. */
export interface SheetMeant {
  name: string;
  lines: string;
  columns: { key: string; name: string; given: { word: string; label: string }[] }[];
  choices: [string, string][];
}

export interface Figures extends Told {
  taken?: boolean;
  questions?: Asked[];
  /** The questions that shares wait for now. */
  waited?: string[];
  sheets?: SheetMeant[];
  others?: string[];
  needs?: { label: string; file: string; records: string[] }[];
}

/** A law's text, checked. */
export interface LawShown extends Told {
  law?: {
    name: string;
    title: string;
    articles: { title: string; reference: string; rules: { name: string; asks: string }[] }[];
  } | null;
}

export interface Edited extends Told {
  tokens: [...Place, string][];
}

export interface YearShown extends Told {
  title?: string;
  said?: { tone: string; text: string }[];
  page?: string;
  asked?: { name: string; label: string }[];
  records?: { sort: string; ids: string[] }[];
}

export interface NumberPlace {
  start: number;
  end: number;
  text: string;
  number: string;
  unit: string;
}

export interface Article {
  title: string;
  lines: { line: number; text: string; numbers: NumberPlace[] }[];
}

/** What a meeting may vote on, and what people may be grouped by. */
export interface Votable {
  articles?: Article[];
  groups?: { name: string; label: string }[];
}

export interface Two {
  before: string | null;
  after: string | null;
  difference: string | null;
}

export interface Compared extends Told {
  said?: string[];
  compared?: { scenarios: ScenarioCompared[] };
}

export interface ScenarioCompared {
  name: string;
  accounts: { account: string; label: string; closing: Two }[];
  examples_no_longer_kept: string[];
  people: Gains;
  /** Null where it is asked by no group. */
  groups: Gains[] | null;
}

/** How many of some people gain and lose, and what the one in the middle gains. */
export interface Gains {
  group?: string;
  count: number;
  gain: number;
  lose: number;
  same: number;
  unknown: number;
  median: string | null;
}

/** The years that follow, as it is and in each scenario. */
export interface Ahead extends Told {
  ahead?: {
    projections: {
      name: string;
      sentence: string;
      years: {
        closing: string;
        accounts: { account: string; label: string; closing: string | null }[];
      }[];
    }[];
  };
}
