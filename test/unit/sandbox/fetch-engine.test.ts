import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchEngine } from '../../../src/sandbox/fetch-engine.js';
import { findRecipe } from '../../../src/sandbox/find-recipe.js';

const recipe = findRecipe('opensearch');
const path = process.env.PATH;
let home: string;
let bin: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-fetch-'));
  bin = join(home, 'bin');
  await mkdir(bin);
  process.env.PATH = bin;
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(home, { recursive: true });
});

const jdk = () => ({ home, version: 21, compiler: true });
const program = async (name: string, lines: string) => {
  await writeFile(join(bin, name), `#!/bin/sh\n${lines}\n`);
  await chmod(join(bin, name), 0o755);
};
const left = () => readdir(join(home, 'engines'));

describe('fetchEngine', () => {
  it('fetches once and then needs no Maven', async () => {
    await program('mvn', `echo "$*" >> ${home}/calls`);
    await program('javac', '');
    const first = await fetchEngine(recipe, jdk(), { home });
    await rm(join(bin, 'mvn'));
    expect(await fetchEngine(recipe, jdk(), { home })).toEqual(first);
    expect(await left()).toEqual(['opensearch-3.8.0']);
  });

  it('says that Maven is missing', async () => {
    await expect(fetchEngine(recipe, jdk(), { home })).rejects.toMatchObject({ code: 'SANDBOX_MAVEN_MISSING' });
    expect(await left()).toEqual([]);
  });

  it('says what Maven could not get, and leaves nothing half done', async () => {
    await program('mvn', 'echo "[ERROR] Could not find artifact org.opensearch:opensearch:jar:3.8.0"; exit 1');
    await expect(fetchEngine(recipe, jdk(), { home })).rejects.toMatchObject({
      code: 'SANDBOX_ARTIFACTS_UNAVAILABLE',
      found: 'Could not find artifact org.opensearch:opensearch:jar:3.8.0',
    });
    expect(await left()).toEqual([]);
  });

  it('says that the launcher does not compile, and keeps what was fetched', async () => {
    await program('mvn', '');
    await program('javac', 'echo "Launch.java:1: error: no"; exit 1');
    await expect(fetchEngine(recipe, jdk(), { home })).rejects.toMatchObject({ code: 'SANDBOX_LAUNCHER_BROKEN' });
    expect(await left()).toEqual(['opensearch-3.8.0']);
  });
});
