// Puts script and style into the page itself, and forbids it everything else.
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const SCRIPT = /\s*<script type="module"[^>]*><\/script>/;
const STYLE = /\s*<link rel="stylesheet"[^>]*>/;

/** Nothing may be fetched; only this very script may run; workers come from its own bytes. */
function policy(script: string): string {
  const digest = createHash("sha256").update(script).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'sha256-${digest}' blob: data:`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "worker-src blob: data:",
    "connect-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** One HTML file without references; fails the build should a second chunk appear. */
export function onePage(): Plugin {
  return {
    name: "one-page",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName.endsWith(".html"));
      const chunks = files.filter((file) => file.type === "chunk");
      const styles = files.filter((file) => file.fileName.endsWith(".css"));
      if (page?.type !== "asset" || chunks.length !== 1 || files.length !== 2 + styles.length)
        throw new Error(`expected one page and one script: ${Object.keys(bundle).join(", ")}`);
      const script = `\n${chunks[0]!.code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--")}`;
      const style = styles
        .map((file) => (file.type === "asset" ? String(file.source) : ""))
        .join("");
      page.source = String(page.source)
        .replace(STYLE, "")
        .replace(SCRIPT, "")
        .replace(
          "<!--policy-->",
          () => `<meta http-equiv="Content-Security-Policy" content="${policy(script)}">`,
        )
        .replace("<!--style-->", () => `<style>${style}</style>`)
        .replace("<!--script-->", () => `<script type="module">${script}</script>`);
      for (const file of [...chunks, ...styles]) delete bundle[file.fileName];
    },
  };
}
