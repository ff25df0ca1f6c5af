import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source, SourceItem } from '../../ingest/source.js';

const MOST_PASSAGES = 2000;
const MOST_WORDS = 120;
const FEWEST_WORDS = 12;

/**
 * Real text that is on every machine where this package is: the README sections of the packages under `node_modules` of this package and of whatever it is installed into, cut into passages of
 * about a paragraph. Documents have the fields `title` (package › section) and `text`.
 */
export function readmeSource(): Source {
  return { items: () => passages(MOST_PASSAGES) };
}

async function* passages(most: number): AsyncGenerator<SourceItem> {
  let count = 0;
  for (const { name, readme } of await packages()) {
    let number = 0;
    for (const { section, text } of sectionsOf(await readFile(readme, 'utf8'))) {
      if (count++ >= most) return;
      const title = section ? `${name} › ${section}` : name;
      yield { ok: true, document: { id: `${name}#${number++}`, source: { title, text } } };
    }
  }
}

/** The packages that have a README, by name. */
async function packages(): Promise<{ name: string; readme: string }[]> {
  const found = new Map<string, string>();
  for (const root of packageFolders()) {
    for (const [name, readme] of await packagesIn(root)) if (!found.has(name)) found.set(name, readme);
  }
  return [...found].map(([name, readme]) => ({ name, readme })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where Node looks for packages from here: installed into another, this package's own are beside it. */
function packageFolders(): string[] {
  const found: string[] = [];
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    found.push(join(folder, 'node_modules'));
    if (folder === dirname(folder)) return found;
  }
}

async function packagesIn(root: string): Promise<[name: string, readme: string][]> {
  const names = (await folders(root)).filter((name) => !name.startsWith('.'));
  const scoped = names.filter((name) => name.startsWith('@'));
  const inScopes = await Promise.all(
    scoped.map(async (s) => (await folders(join(root, s))).map((name) => `${s}/${name}`)),
  );
  const all = [...names.filter((name) => !name.startsWith('@')), ...inScopes.flat()].sort();
  const found = await Promise.all(all.map(async (name) => ({ name, readme: await readmeOf(join(root, name)) })));
  return found.flatMap(({ name, readme }) => (readme ? [[name, readme]] : []));
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function readmeOf(folder: string): Promise<string | undefined> {
  const files = await readdir(folder).catch(() => []);
  const readme = files.find((file) => /^readme\.(md|markdown)$/i.test(file));
  return readme && join(folder, readme);
}

/** A README's paragraphs, without code and markup, put together into passages under their headings. */
function* sectionsOf(markdown: string): Generator<{ section: string; text: string }> {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/<!--[\s\S]*?-->/g, '');
  let section = '';
  let words: string[] = [];
  const flush = () => {
    const text = words.join(' ');
    const isPassage = words.length >= FEWEST_WORDS;
    words = [];
    return isPassage ? [{ section, text }] : [];
  };
  for (const line of prose.split('\n')) {
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    if (heading) {
      yield* flush();
      section = plain(heading[1]!);
    } else {
      words.push(...plain(line).split(/\s+/).filter(Boolean));
      if (words.length >= MOST_WORDS) yield* flush();
    }
  }
  yield* flush();
}

/** A line of Markdown as a person reads it. */
function plain(line: string): string {
  return line
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/<[^>]+>/g, '')
    .replace(/^\s*\[[^\]]+\]:.*$/, '')
    .replace(/[*_`|#>]+/g, ' ')
    .trim();
}
