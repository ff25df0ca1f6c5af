import { readFileSync } from 'node:fs';

/** A fenced block of a documentation page. */
export interface Snippet {
  readonly page: string;
  /** The heading it stands under. */
  readonly heading: string;
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of a page, in order. */
export function snippetsOf(page: string): Snippet[] {
  const markdown = readFileSync(page, 'utf8');
  const snippets: Snippet[] = [];
  let heading = '';
  for (const [, title, language, code] of markdown.matchAll(/^#+ (.*)$|^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else snippets.push({ page, heading, language: language!, code: code! });
  }
  return snippets;
}
