// How the browser's part is built and, in development, served in front of a running Heartwood on port 4400.
import react from "@vitejs/plugin-react";
import { defineConfig, type ProxyOptions } from "vite";

const server = process.env["HEARTWOOD_SERVER"] ?? "http://127.0.0.1:4400";
const behind = ["/api", "/health", "/openapi.json", "/docs", "/mcp"];

const toServer: ProxyOptions = {
  target: server,
  changeOrigin: true,
  // The server takes writes only from its own pages; in development those come from here.
  headers: { origin: server },
};

export default defineConfig({
  root: "src/web",
  plugins: [react()],
  cacheDir: "../../.build/vite",
  build: {
    outDir: "../../.build/web",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 900,
    // Fonts and drawings stay files: the server's content policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
  },
  server: { port: 4411, proxy: Object.fromEntries(behind.map((path) => [path, toServer])) },
});
