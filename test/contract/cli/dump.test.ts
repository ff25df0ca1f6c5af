import { connect } from '../../../src/engine/connect.js';
import { termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';

onEveryEngine('dump', ({ url }) => {
  it('prints every document of several pages, in a pipe as in a file', async () => {
    await using engine = await connect(await url());
    const index = freshName('dump');
    await engine.createIndex(index, {});
    const ids = Array.from({ length: 1200 }, (_, i) => `d${i}`);
    await engine.bulk(
      index,
      ids.map((id) => ({ kind: 'index', id, source: { text: `document ${id}` } })),
    );
    await engine.refresh(index);
    const { exitCode, stdout, stderr } = await termweave(['dump', index, '--url', await url()]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const printed = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)._id as string);
    expect(printed.sort()).toEqual([...ids].sort());
    await engine.deleteIndex(index);
  });
});
