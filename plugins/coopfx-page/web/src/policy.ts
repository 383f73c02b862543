// Opening a policy, keeping it in this browser, saving it as a file.

import type { LawShown, Opened, Votable, YearShown } from "./protocol";
import { changed, engine, state, working, type Tab, UNASKED } from "./state";
import { language } from "./words";

const KEPT = "policy.zip";

/** Take what the engine says of an opened policy, and show its latest year. */
export async function take(opened: Opened | undefined): Promise<void> {
  if (!opened) return;
  changed({ told: opened.diagnostics });
  if (!opened.texts) return;
  const files = Object.keys(opened.texts);
  const own = files.find((file) => file.endsWith(`.${language()}.coop`)) ?? files[0] ?? "";
  const years = opened.years ?? [];
  changed({
    opened,
    file: files.includes(state.file) ? state.file : own,
    year: years.includes(state.year) ? state.year : (years.at(-1) ?? ""),
    ...UNASKED,
  });
  await showYear();
}

export async function showYear(): Promise<void> {
  if (!state.year) {
    changed({ shown: undefined, articles: [], groups: [] });
    return;
  }
  const shown = await working(() => engine().ask<YearShown>("year", state.year));
  const numbers = await working(() =>
    engine().ask<Votable>("numbers", state.year),
  );
  changed({ shown, articles: numbers?.articles ?? [], groups: numbers?.groups ?? [] });
}

export async function openZip(data: Uint8Array, name = ""): Promise<void> {
  await opening(() => engine().ask<Opened>("open_zip", data, name));
}

export async function openFiles(files: Map<string, Uint8Array>, name: string): Promise<void> {
  await opening(() => engine().ask<Opened>("open", files, name));
}

async function opening(ask: () => Promise<Opened>): Promise<void> {
  const opened = await working(ask);
  if (!opened) return;
  // Where files are refused, what was open stays as it is.
  if (opened.texts) await entered(opened, "year");
  else changed({ told: opened.diagnostics });
}

/** Take a policy that has just been opened, and show a part of it; files that wait for it come first. */
export async function entered(opened: Opened, tab: Tab): Promise<void> {
  changed({ file: "", year: "", cards: [], figures: undefined, beginning: undefined });
  await take(opened);
  changed({ tab: state.waiting ? "figures" : tab });
  await keep();
}

/** Files and folders that were dropped, by their paths. */
export async function gathered(items: DataTransferItemList): Promise<Map<string, Uint8Array>> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((one) => one !== null);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) await gather(entry, "", files);
  return files;
}

/** Files that were chosen, by their paths. */
export async function filesOf(chosen: FileList): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const file of chosen) {
    files.set(file.webkitRelativePath || file.name, new Uint8Array(await file.arrayBuffer()));
  }
  return files;
}

/** Open what was dropped or chosen: a policy, or files of a year, which wait for statutes. */
export async function openSome(files: Map<string, Uint8Array>): Promise<void> {
  const names = [...files.keys()];
  const [only] = files.size === 1 ? [...files] : [];
  if (only?.[0].endsWith(".zip")) await openZip(only[1], only[0]);
  else if (only?.[0].endsWith(".coop") && !/(^|\/)statute\./.test(only[0])) await checkLaw(...only);
  else if (!files.size || names.some((name) => name.endsWith(".coop") || name.includes("/"))) {
    await openFiles(files, names[0]?.split("/")[0] ?? "");
  } else {
    changed({ waiting: files, told: [], ...(state.opened ? { tab: "figures" } : {}) });
  }
}

/** Check a law's text; what is open stays as it is. */
async function checkLaw(name: string, data: Uint8Array): Promise<void> {
  const shown = await working(() => engine().ask<LawShown>("law", name, data));
  if (!shown) return;
  changed({ law: shown.law, told: shown.diagnostics, ...("law" in shown ? { tab: "law" } : {}) });
}

async function gather(
  entry: FileSystemEntry,
  above: string,
  files: Map<string, Uint8Array>,
): Promise<void> {
  const path = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) =>
      (entry as FileSystemFileEntry).file(done, failed),
    );
    files.set(path, new Uint8Array(await file.arrayBuffer()));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) =>
      reader.readEntries(done, failed),
    );
    if (!some.length) return;
    for (const one of some) await gather(one, `${path}/`, files);
  }
}

/** Keep the policy in the browser's private file system, until it is saved as a file. */
export async function keep(): Promise<void> {
  if (!state.opened) return;
  const data = await engine().ask<Uint8Array>("save");
  const room = await navigator.storage.getDirectory();
  const handle = await room.getFileHandle(KEPT, { create: true });
  const stream = await handle.createWritable();
  await stream.write(data as Uint8Array<ArrayBuffer>);
  await stream.close();
}

/** What was kept by an earlier visit; undefined where nothing was. */
export async function kept(): Promise<Uint8Array | undefined> {
  try {
    const room = await navigator.storage.getDirectory();
    const file = await (await room.getFileHandle(KEPT)).getFile();
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

export async function save(): Promise<void> {
  const data = await working(() => engine().ask<Uint8Array>("save"));
  if (data) download(data, `${state.opened?.name ?? "policy"}.zip`, "application/zip");
}

/** Give bytes to the reader as a file. */
export function download(data: Uint8Array, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([data as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
