import { readFile } from 'node:fs/promises';

const PAGE = new URL('./page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Everything that the page may load comes from the explorer itself; no inline script or style runs, whatever a document holds. */
const POLICY = [
  "default-src 'none'",
  ...['script', 'style', 'img', 'connect'].map((kind) => `${kind}-src 'self'`),
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer. */
export const SECURITY_HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** A file of the page, or `undefined`: names are plain, so that no path leads out of the folder. */
export async function pageFile(path: string): Promise<{ type: string; content: Buffer } | undefined> {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const [, ending] = /^[a-z0-9-]+\.(html|css|js|svg)$/.exec(name) ?? [];
  if (!ending) return undefined;
  const content = await readFile(new URL(name, PAGE)).catch(() => undefined);
  return content && { type: TYPES[ending]!, content };
}
