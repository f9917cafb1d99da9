import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { mockServer } from "./dev/mock.ts";

const server = process.env.GOLDENTIME_SERVER;

/** The console's letters as the files that paper needs: the server draws PDFs with them. */
const fonts = {
  name: "fonts",
  generateBundle(this: { emitFile: (file: { type: "asset"; fileName: string; source: Uint8Array }) => string }) {
    for (const face of ["Regular", "Bold"]) {
      const source = readFileSync(`node_modules/pretendard/dist/public/static/alternative/Pretendard-${face}.ttf`);
      this.emitFile({ type: "asset", fileName: `fonts/Pretendard-${face}.ttf`, source });
    }
  },
};

/** Scripts and styles packed beside themselves, once, for a crew's poor link: the server hands out whichever is taken. */
const packed = {
  name: "packed",
  apply: "build" as const,
  writeBundle({ dir }: { dir?: string }) {
    const assets = `${dir}/assets`;
    for (const file of readdirSync(assets).filter((name) => /\.(js|css)$/.test(name)))
      writeFileSync(`${assets}/${file}.gz`, gzipSync(readFileSync(`${assets}/${file}`), { level: 9 }));
  },
};

export default defineConfig(({ command, mode }) => ({
  base: "/",
  plugins: [react(), fonts, packed, ...(command === "serve" && mode !== "test" && !server ? [mockServer()] : [])],
  worker: { format: "es" },
  build: {
    outDir: "../src/goldentime/console",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    target: "es2022",
  },
  server: server ? { proxy: { "/api": server, "/map": server } } : {},
  test: { environment: "jsdom", include: ["tests/**/*.test.{ts,tsx}"] },
}));
