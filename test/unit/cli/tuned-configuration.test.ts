import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConfiguration, readTunedAsking } from '../../../src/cli/tuned-configuration.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-configuration-'));
});

async function written(system: string): Promise<string> {
  const file = join(folder, `${system.replace(/\W+/g, '-')}.json`);
  await (await openConfiguration(file)).write(system);
  return file;
}

it.each<[string, object]>([
  ['splade', {}],
  ['splade+prune(topK 24)', { pruning: { spec: 'topK(24)' } }],
  ['rescore', { window: 100 }],
  ['rescore(300)', { window: 300 }],
  ['hybrid(rrf)', { fusion: { kind: 'rrf' } }],
  ['hybrid(sum 0.3)', { fusion: { kind: 'normalised-sum', sparse: 0.3 } }],
])('a pick of %s is asked by translated searches', async (system, asking) => {
  const read = await readTunedAsking(await written(system));
  expect(read).toMatchObject(asking);
  expect(Object.keys(read)).toEqual(Object.keys(asking));
});

it.each(['bm25', 'two-phase', 'hybrid(sum 0.6 weak sum 0.2)'])('a pick of %s is none of theirs', async (system) => {
  await expect(readTunedAsking(await written(system))).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});

it.each<[string, string, string]>([
  ['that names no system', '{}', 'OPTION_INVALID'],
  ['that names an unknown one', '{"search":{"system":"magic"}}', 'SYSTEM_UNKNOWN'],
])('a configuration %s is refused', async (_, text, code) => {
  const file = join(folder, `${code}.json`);
  await writeFile(file, text);
  await expect(readTunedAsking(file)).rejects.toMatchObject({ code });
});

it('a pick on pruned documents keeps its pruning apart, and the next one takes it away', async () => {
  const file = join(folder, 'pruned/documents.json');
  const configuration = async () => JSON.parse(await readFile(file, 'utf8'));
  await (await openConfiguration(file)).write('splade+prune(topK 16) on topK(64)');
  expect(await configuration()).toEqual({ search: { system: 'splade+prune(topK 16)', documents: 'topK(64)' } });
  expect(await readTunedAsking(file)).toMatchObject({ pruning: { spec: 'topK(16)' } });
  await (await openConfiguration(file)).write('splade');
  expect(await configuration()).toEqual({ search: { system: 'splade' } });
});

it.each(['{"search":"fast"}', '[]', 'none'])(
  'a configuration like %s is refused before anything is run',
  async (text) => {
    const file = join(folder, 'other.json');
    await writeFile(file, text);
    await expect(openConfiguration(file)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  },
);
