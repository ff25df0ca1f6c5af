import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DOCUMENTED_PAGES } from '../../support/documented-pages.js';

const PAGES = [...DOCUMENTED_PAGES, 'docs/cli.md'];

describe('docs/cli.md', () => {
  it('is what the commands say', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/write-cli-reference.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe.each(PAGES)('%s', (page) => {
  const links = [
    ...readFileSync(page, 'utf8')
      .replace(/^```[\s\S]*?^```$/gm, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, target]) => target!);
  const local = links.filter((target) => !/^[a-z]+:/.test(target));

  it('links to files and headings that are there', () => {
    const broken = local.filter((target) => {
      const [path, anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path!);
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).has(anchor));
    });
    expect(broken).toEqual([]);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(file: string): Set<string> {
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, text]) =>
      text!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
