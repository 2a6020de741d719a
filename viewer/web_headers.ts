/**
 * The headers of everything that is served to browsers.
 *
 * @module
 */

/**
 * What the page may do: run and fetch what its own server has, and nothing else. Inline styles are what the terminal's
 * renderer needs.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of every answer: nothing may be loaded from elsewhere, framed, sent on or kept. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
  "cache-control": "no-store",
};

/** An answer of one line of text. */
export function textAnswer(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = { ...SECURITY_HEADERS, "content-type": "text/plain; charset=utf-8", ...headers };
  return new Response(message + "\n", { status, headers: all });
}

/** The answer to a request with another method than GET or HEAD, or `undefined` when it has one of them. */
export function wrongMethod({ method }: Request): Response | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  return textAnswer(405, "Only GET is answered here", { allow: "GET, HEAD" });
}
