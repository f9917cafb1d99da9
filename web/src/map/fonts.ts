/** Which bundled font file draws which characters on the map; the same files as the page's. */
import css from "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css?raw";

const files = import.meta.glob<string>("/node_modules/pretendard/dist/web/variable/woff2-dynamic-subset/*.woff2", {
  query: "?url",
  import: "default",
  eager: true,
});

export type FontFace = { url: string; "unicode-range": string[] };

/** Reads the stylesheet's @font-face blocks; `addressOf` gives a file's built address. */
export function readFaces(sheet: string, addressOf: (file: string) => string | undefined): FontFace[] {
  const faces: FontFace[] = [];
  for (const block of sheet.split("@font-face").slice(1)) {
    const file = /([\w.]+\.woff2)/.exec(block)?.[1];
    const ranges = /unicode-range:\s*([^;]+);/.exec(block)?.[1];
    const url = file ? addressOf(file) : undefined;
    if (url && ranges)
      faces.push({
        url,
        "unicode-range": ranges.split(",").map((range) => range.trim().toUpperCase().replace("U+", "U+")),
      });
  }
  return faces;
}

const byName = new Map(Object.entries(files).map(([path, url]) => [path.split("/").at(-1) ?? path, url]));
export const fontFaces = (origin: string): Record<string, FontFace[]> => ({
  Pretendard: readFaces(css, (file) => {
    const url = byName.get(file);
    return url ? new URL(url, origin).href : undefined;
  }),
});
