/** How raw bytes are laid out for people: sixteen to a row, as hex and as text, without guessing at what they mean. */

export type HexRow = { at: string; hex: string; text: string };

const PER_ROW = 16;

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Rows of the bytes, at most `most` of them; what is no ASCII letter shows as a dot. */
export function hexRows(bytes: Uint8Array, most = 512): HexRow[] {
  const rows: HexRow[] = [];
  for (let at = 0; at < bytes.length && rows.length < most; at += PER_ROW) {
    const row = bytes.subarray(at, at + PER_ROW);
    rows.push({
      at: at.toString(16).padStart(6, "0"),
      hex: Array.from(row, (byte) => byte.toString(16).padStart(2, "0"))
        .join(" ")
        .replace(/^((?:\S+ ){7}\S+) /, "$1  "),
      text: Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join(""),
    });
  }
  return rows;
}

/** Text with control characters and wire separators made visible. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be shown
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, (sign) =>
    sign === "\u007f" ? "␡" : String.fromCharCode(0x2400 + sign.charCodeAt(0)),
  );
}
