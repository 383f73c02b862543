// The statute while it is written: coopfx's own colours, its mistakes where they stand, and what mends them.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { lintGutter, setDiagnostics, type Diagnostic as Mark } from "@codemirror/lint";
import { EditorState, StateEffect, StateField, type Text } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  keymap,
  lineNumbers,
  type DecorationSet,
} from "@codemirror/view";
import type { Edited, Opened, Place } from "./protocol";
import { changed, engine, state, working } from "./state";
import { keep, take } from "./policy";
import { language, say } from "./words";

/** How long nothing is typed before a text is read. */
const PAUSE = 250;

const coloured = StateEffect.define<DecorationSet>();
const colours = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(old, transaction) {
    let found = old.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(coloured)) found = effect.value;
    return found;
  },
  provide: (field) => EditorView.decorations.from(field),
});

let view: EditorView | undefined;
let timer: number | undefined;
let asked = 0;

/** Show the editor in a place of the page, with the text of the chosen file. */
export function mount(place: Element): void {
  if (view && place.contains(view.dom)) return;
  view?.destroy();
  view = new EditorView({ parent: place, state: fresh() });
  // What scrolls can be scrolled by the keyboard too.
  view.scrollDOM.tabIndex = 0;
  void read();
}

export function reload(): void {
  view?.setState(fresh());
  void read();
}

export function unmount(): void {
  view?.destroy();
  view = undefined;
}

function fresh(): EditorState {
  return EditorState.create({
    doc: state.opened?.texts?.[state.file] ?? "",
    extensions: [
      lineNumbers(),
      history(),
      lintGutter(),
      colours,
      // Tab leaves the editor: a keyboard alone reaches everything.
      keymap.of([...defaultKeymap, ...historyKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": say("statute_text"), lang: language() }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        clearTimeout(timer);
        timer = setTimeout(() => void read(), PAUSE);
      }),
    ],
  });
}

async function read(): Promise<void> {
  if (!view || !state.file) return;
  const text = view.state.doc.toString();
  const mine = ++asked;
  const edited = await engine().ask<Edited>("read", state.file, text);
  // A later text has been asked about, or this one is no longer shown.
  if (mine !== asked || view?.state.doc.toString() !== text) return;
  const doc = view.state.doc;
  const marks = edited.tokens.map(([line, column, endLine, endColumn, sort]) =>
    Decoration.mark({ class: `t-${sort}` }).range(
      at(doc, line, column),
      at(doc, endLine, endColumn),
    ),
  );
  view.dispatch({ effects: coloured.of(Decoration.set(marks, true)) });
  view.dispatch(setDiagnostics(view.state, edited.diagnostics.map((one) => mark(doc, one))));
  changed({ told: edited.diagnostics });
}

function mark(doc: Text, one: Edited["diagnostics"][number]): Mark {
  const [line, column, endLine, endColumn] = one.span ?? ([1, 1, 1, 1] as Place);
  return {
    from: at(doc, line, column),
    to: at(doc, endLine, endColumn),
    severity: one.severity === "note" ? "info" : one.severity,
    message: `${one.code}  ${one.message}\n${one.help}`,
    actions: (one.mends ?? []).map((mend) => ({
      name: say("write", { text: mend.text }),
      apply: (editor) =>
        editor.dispatch({
          changes: {
            from: at(editor.state.doc, mend.span[0], mend.span[1]),
            to: at(editor.state.doc, mend.span[2], mend.span[3]),
            insert: mend.text,
          },
        }),
    })),
  };
}

function at(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.min(line, doc.lines));
  return Math.min(found.from + column - 1, found.to);
}

/** Take the text as it stands on the screen for the policy's own. */
export async function accept(): Promise<void> {
  if (!view) return;
  const text = view.state.doc.toString();
  await take(await working(() => engine().ask<Opened>("write", state.file, text)));
  await keep();
}
