import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { homeFolder } from '../../../src/cli/settings.js';
import type { Source } from '../../../src/ingest/source.js';

describe('where things are', () => {
  const { TERMWEAVE_HOME, XDG_CACHE_HOME } = process.env;
  afterEach(() => {
    for (const [name, value] of Object.entries({ TERMWEAVE_HOME, XDG_CACHE_HOME })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('is the usual place where a variable is empty', () => {
    process.env.TERMWEAVE_HOME = '';
    process.env.XDG_CACHE_HOME = '';
    expect(homeFolder()).toBe(join(homedir(), '.cache/termweave'));
    process.env.XDG_CACHE_HOME = '/caches';
    expect(homeFolder()).toBe('/caches/termweave');
  });

  it('is beside this package where npm has put its packages there', async () => {
    const packages = join(await mkdtemp(join(tmpdir(), 'termweave-hoisted-')), 'node_modules');
    const own = join(packages, 'termweave');
    await cp('dist/cli/demo/readme-source.js', join(own, 'dist/cli/demo/readme-source.js'));
    await writeFile(join(own, 'package.json'), '{"type":"module"}');
    await mkdir(join(packages, 'other'));
    await writeFile(join(packages, 'other/README.md'), `# Use\n\n${'the cat sat on the mat '.repeat(5)}\n`);
    const { readmeSource } = (await import(pathToFileURL(join(own, 'dist/cli/demo/readme-source.js')).href)) as {
      readmeSource(): Source;
    };
    const ids: string[] = [];
    for await (const item of readmeSource().items({})) if (item.ok) ids.push(item.document.id);
    expect(ids).toEqual(['other#0']);
  });
});
