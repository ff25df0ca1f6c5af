import { connect } from '../../../src/engine/connect.js';
import type { Engine, Write } from '../../../src/engine/engine.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { everything, filled, write } from '../../support/source-index.js';

const HOUR = 3_600_000;

onEveryEngine('reindex, following', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  /** Reindexes, changes the source once under way, and gives both indices as they are in the end. */
  async function changedMeanwhile(
    source: string,
    follow: string,
    change: () => Promise<unknown>,
    followOverlap?: number,
  ) {
    const to = freshName('copy');
    let changed = false;
    const options = { to, encoder: hashingEncoder(), textFields: ['text'], follow, followOverlap, batchBytes: 20_000 };
    for await (const report of reindex(engine, source, options)) {
      if (changed || report.done) continue;
      changed = true;
      await change();
    }
    await engine.refresh(source);
    return { copied: await everything(engine, to), written: await everything(engine, source) };
  }

  it.each(['number', '_seq_no'])('brings changes and deletions made meanwhile, by %s', async (field) => {
    const source = await filled(engine);
    const { copied, written } = await changedMeanwhile(source, field, async () => {
      await write(engine, source, [3, 4, 5000], { number: 6000, text: 'changed during the run' });
      await engine.bulk(source, [{ kind: 'delete', id: 'd8' }]);
    });
    expect(copied.get('d5000')).toBeDefined();
    expect(copied.get('d8')).toBeUndefined();
    expect(copied).toEqual(written);
  });

  it('keeps a document that was deleted and put back', async () => {
    const source = await filled(engine);
    const { copied, written } = await changedMeanwhile(source, '_seq_no', async () => {
      await engine.bulk(source, [{ kind: 'delete', id: 'd8' }]);
      await engine.refresh(source);
      await engine.bulk(source, [{ kind: 'index', id: 'd8', source: { text: 'back again', number: 8 } }]);
    });
    expect(copied.get('d8')).toMatchObject({ source: { text: 'back again' } });
    expect(copied).toEqual(written);
  });

  const DATES = [
    ['date', { type: 'date' }, (ms: number) => new Date(ms).toISOString()],
    ['date of a format of its own', { type: 'date', format: 'yyyy/MM/dd HH:mm:ss' }, slashed],
    ['date_nanos', { type: 'date_nanos' }, (ms: number) => new Date(ms).toISOString().replace('Z', '123456Z')],
  ] as const;

  it.each(DATES)('brings what arrives later than it is stamped: %s', async (_, mapping, stamp) => {
    const source = freshName('source');
    await engine.createIndex(source, { mappings: { properties: { text: { type: 'text' }, at: mapping } } });
    const now = Date.UTC(2026, 5, 1);
    const stamped = (id: string, ms: number): Write => ({ kind: 'index', id, source: { text: id, at: stamp(ms) } });
    await engine.bulk(
      source,
      [...Array(50).keys()].map((i) => stamped(`d${i}`, now + i * 1000)),
    );
    await engine.refresh(source);
    const late = [
      stamped('two minutes late', now - 2 * 60_000),
      stamped('d3', now - 60_000),
      stamped('new', now + HOUR),
    ];
    const { copied, written } = await changedMeanwhile(source, 'at', () => engine.bulk(source, late));
    expect(copied.size).toBe(52);
    expect(copied).toEqual(written);
  });

  it('is not misled by a document that is dated far ahead', async () => {
    const source = freshName('source');
    const properties = { text: { type: 'text' }, at: { type: 'date' } };
    await engine.createIndex(source, { mappings: { properties } });
    const dated = (id: string, ms: number): Write => ({ kind: 'index', id, source: { text: id, at: ms } });
    const ahead = dated('ahead', Date.now() + 365 * 24 * HOUR);
    await engine.bulk(source, [ahead, ...[...Array(20).keys()].map((i) => dated(`d${i}`, Date.now() - i))]);
    await engine.refresh(source);
    const change = () => engine.bulk(source, [dated('d3', Date.now()), dated('new', Date.now())]);
    const { copied, written } = await changedMeanwhile(source, 'at', change);
    expect(copied).toEqual(written);
  });

  it('reads no further back than the overlap says', async () => {
    const source = await filled(engine, 50);
    const late: Write = { kind: 'index', id: 'late', source: { text: 'late', number: 20 } };
    const without = changedMeanwhile(source, 'number', () => engine.bulk(source, [late]), 10);
    await expect(without).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT', found: expect.stringContaining('has 51') });
    const within = await changedMeanwhile(source, 'number', () => engine.bulk(source, [{ ...late, id: 'x' }]), 30);
    expect(within.copied).toEqual(within.written);
  });
});

function slashed(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
