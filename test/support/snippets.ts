import { readFileSync } from 'node:fs';

/** A fenced block of a documentation page. */
export interface Snippet {
  readonly page: string;
  /** The heading it stands under. */
  readonly heading: string;
  /** The first word after the fence: `sh`, `console` (commands after `$ `, with what they print), `js`, `json`, `yaml`, `http` or `text`. */
  readonly language: string;
  /** What the fence says after `not run:`. */
  readonly notRun?: string;
  readonly code: string;
}

/** The fenced blocks of a page, in order. */
export function snippetsOf(page: string): Snippet[] {
  const markdown = readFileSync(page, 'utf8');
  const snippets: Snippet[] = [];
  let heading = '';
  for (const [, title, language, notRun, code] of markdown.matchAll(
    /^#+ (.*)$|^```(\w*)(?: not run: (.*))?\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) heading = title;
    else snippets.push({ page, heading, language: language!, notRun, code: code! });
  }
  return snippets;
}
