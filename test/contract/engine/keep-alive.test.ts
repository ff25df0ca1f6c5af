import { homeFolder } from '../../../src/cli/settings.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { freshName, onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { PROPERTIES, write } from '../../support/source-index.js';

const DOCUMENTS = 30;

onEveryEngine('a cluster that keeps nothing for long, beside', ({ engine: name, version }) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ engine: name, version, heap: '384m', via: 'java', home: homeFolder() });
    await using engine = await connect(sandbox.url);
    const limits = ['search.max_keep_alive', ...(name === 'opensearch' ? ['point_in_time.max_keep_alive'] : [])];
    const persistent = Object.fromEntries(limits.map((limit) => [limit, '10m']));
    await engine.request({ method: 'PUT', path: '/_cluster/settings', body: { persistent } });
  }, STARTS_ENGINES_MS);
  afterAll(() => sandbox?.stop());

  it('is read by a snapshot, in slices as well', async () => {
    await using engine = await connect(sandbox.url);
    const index = freshName('kept');
    await engine.createIndex(index, { mappings: { properties: PROPERTIES } });
    await write(engine, index, [...Array(DOCUMENTS).keys()]);
    expect(await read(engine, index)).toBe(DOCUMENTS);
    expect((await read(engine, index, 0)) + (await read(engine, index, 1))).toBe(DOCUMENTS);
  });
});

/** How many documents a snapshot has, or one of its two slices. */
async function read(engine: Engine, index: string, part?: number): Promise<number> {
  await using snapshot = await engine.snapshot(index);
  let documents = 0;
  const slice = part === undefined ? undefined : { part, of: 2 };
  for await (const page of snapshot.pages({ size: 4, slice })) documents += page.length;
  return documents;
}
