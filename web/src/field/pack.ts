/** The map kept on the device (OPFS, since the Cache API refuses ranges): fetched whole once a day, used without a link. */
import { request } from "../wire/http";

const NAME = "city-pack.pmtiles";
const KEY = "goldentime.field.pack";
const FRESH_MS = 24 * 3600_000;

const folder = async (): Promise<FileSystemDirectoryHandle | null> =>
  typeof navigator.storage?.getDirectory === "function" ? navigator.storage.getDirectory() : null;

/** The kept map, null when there is none or this browser keeps no files. */
export async function findPack(): Promise<File | null> {
  try {
    const kept = await (await folder())?.getFileHandle(NAME);
    const file = await kept?.getFile();
    return file && file.size > 0 ? file : null;
  } catch {
    return null; // not kept yet, or storage is closed
  }
}

/** Fetches and keeps the map unless today's is there; whether one is kept afterwards. */
export async function keepPack(): Promise<boolean> {
  const known = await findPack();
  if (known && Date.now() - Number(localStorage.getItem(KEY) ?? 0) < FRESH_MS) return true;
  try {
    const root = await folder();
    if (!root) return false;
    const answer = await request("/map/city.pmtiles");
    const fresh = await root.getFileHandle(NAME, { create: true });
    const out = await fresh.createWritable();
    await out.write(await answer.blob());
    await out.close(); // swapped in whole: a cut link leaves the old one
    localStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    return known !== null; // tried again at the next start
  }
}
