import { defineConfig } from "vite";
import { land } from "./land.ts";
import { onePage } from "./one-page.ts";

// The page is a template inside the Python package; `share/formats/map.py` fills it.
export default defineConfig({
  plugins: [land(), onePage()],
  build: {
    outDir: "../src/trucewatch/share/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    chunkSizeWarningLimit: 4096,
    rolldownOptions: { input: "map.html" },
  },
});
