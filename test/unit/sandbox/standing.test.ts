import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listStanding, type StandingChoice, takeDown } from '../../../src/sandbox/standing.js';

const STANDING = [
  ['opensearch', '3.8.0', ''],
  ['opensearch', '3.6.0', ''],
  ['opensearch', '3.6.0', '+ml'],
  ['elasticsearch', '7.17.29', ''],
] as const;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-down-'));
  await mkdir(join(home, 'sandboxes'));
  for (const [engine, version, flavour] of STANDING) {
    // Of no node: nothing is to be ended.
    const state = {
      engine,
      version,
      url: `http://${engine}-${version}${flavour}`,
      nodes: [],
      data: home,
      throwAway: false,
    };
    await writeFile(join(home, 'sandboxes', `${engine}-${version}${flavour}.json`), JSON.stringify(state));
  }
});
afterEach(() => rm(home, { recursive: true }));

it.each<[StandingChoice, string[]]>([
  [{}, STANDING.map(([engine, version, flavour]) => `${engine}-${version}${flavour}`)],
  [{ engine: 'elasticsearch' }, ['elasticsearch-7.17.29']],
  [{ engine: 'opensearch', version: '3.8.0' }, ['opensearch-3.8.0']],
  [{ engine: 'opensearch', version: '3' }, ['opensearch-3.6.0', 'opensearch-3.8.0']],
  [{ engine: 'opensearch', version: '3.6.0' }, ['opensearch-3.6.0']],
  [{ engine: 'opensearch', version: '3.6.0+ml' }, ['opensearch-3.6.0+ml']],
  [{ engine: 'elasticsearch', version: '7.1' }, []],
])('takes down %j and leaves the others', async (chosen, names) => {
  const urls = names.map((name) => `http://${name}`).sort();
  expect((await takeDown(home, chosen)).map(({ url }) => url).sort()).toEqual(urls);
  expect(await listStanding(home)).toHaveLength(STANDING.length - urls.length);
});
