/**
 * The page at a session's link when the browser's page was not built: how to watch from a terminal, and how to build it.
 * It knows nothing of the session: what follows the `#` in the link stays in the browser.
 *
 * @module
 */
import { SECURITY_HEADERS, wrongMethod } from "../viewer/web_headers.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2327; --soft: #5c6770; --paper: #fbfbf9; --card: #fff;
  --line: #dcdfe2; --accent: #0b6e4f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9eb; --soft: #9aa5ad; --paper: #14181b; --card: #1c2226; --line: #313a40; --accent: #58c9a0; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem 1rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
main { width: min(40rem, 100%); }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; font-weight: 600; line-height: 1.25; text-wrap: balance; }
h1::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .5em; border-radius: 50%;
  background: var(--accent); }
p { margin: 0 0 1rem; color: var(--soft); }
ol { margin: 1.5rem 0; padding: 0; list-style: none; display: grid; gap: .75rem; }
li { padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
pre { margin: .5rem 0 0; overflow-x: auto; font: .9375rem/1.5 ui-monospace, monospace; }
kbd { font: inherit; padding: 0 .35em; border: 1px solid var(--line); border-radius: .25em; }
small { color: var(--soft); }
`;

const BODY = `<main>
<h1>A terminal is being shared here</h1>
<p>This host runs without its browser page. Watch from your own terminal with <b>collab</b>.</p>
<ol>
<li>Copy the whole address of this page, with everything after the <kbd>#</kbd>: it is what lets you in.</li>
<li>Run this, with the address between the quotes:<pre><code>collab watch 'ADDRESS'</code></pre></li>
</ol>
<p>Or let the presenter build the page, and load this address again:</p>
<pre><code>deno task web</code></pre>
<p><small>The part after the # never leaves your browser, and this page does not read it. Give the address only to people
who may watch.</small></p>
</main>`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Shared terminal</title>
<style>${STYLE}</style>
</head>
<body>
${BODY}
</body>
</html>
`;

/** The answer of a host without the browser's page, the same for every session. */
export function plainPage(request: Request): Response {
  const wrong = wrongMethod(request);
  if (wrong !== undefined) return wrong;
  const headers = { ...SECURITY_HEADERS, "content-type": "text/html; charset=utf-8" };
  return new Response(request.method === "HEAD" ? null : PAGE, { headers });
}
