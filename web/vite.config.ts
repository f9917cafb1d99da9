import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { mockServer } from "./dev/mock.ts";

const server = process.env.GOLDENTIME_SERVER;

export default defineConfig(({ command, mode }) => ({
  base: "/",
  plugins: [react(), ...(command === "serve" && mode !== "test" && !server ? [mockServer()] : [])],
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
