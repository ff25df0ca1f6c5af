import type { Encoder } from '../../../src/encoder/encoder.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine, Write } from '../../../src/engine/engine.js';
import { dumpIndex } from '../../../src/ingest/dump-index.js';
import { HASH_FIELD } from '../../../src/ingest/reindex/content-hash.js';
import type { CopyReport } from '../../../src/ingest/reindex/copy-documents.js';
import { type ReindexResult, reindex } from '../../../src/ingest/reindex/reindex.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { collect } from '../../support/collect.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { tinyEncoder } from '../../support/tiny-encoder.js';

const SENTENCE = 'the cat sat on mat. ';
const FIVE_MB = SENTENCE.repeat(5_000_000 / SENTENCE.length);
const BINARY = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * i) % 251)).toString('base64');
const PROPERTIES = {
  text: { type: 'text' },
  extra: { type: 'object', enabled: false },
  blob: { type: 'binary' },
  number: { type: 'double' },
  inner: { type: 'nested', properties: { name: { type: 'keyword' } } },
};

/** What production indices hold, by what is odd about it. A document beyond the HTTP limit: storms.test.ts, with a limit of its own. */
const SOURCES: Readonly<Record<string, Record<string, unknown>>> = {
  absent: { number: 1 },
  null: { text: null },
  blank: { text: ' \n' },
  array: { text: ['the cat', null, ['sat', 'on mat']] },
  number: { text: 7.5, number: 0.1 },
  nested: { text: 'the river', inner: [{ name: 'a' }, { name: null }, {}] },
  'five megabytes': { text: FIVE_MB },
  binary: { text: 'search engine', blob: BINARY },
  object: { text: 'the mat', extra: { deep: [{ er: 1 }] } },
};

/** The text that each one's vector is made of. */
const TEXTS: Readonly<Record<string, string>> = {
  array: 'the cat sat on mat',
  number: '7.5',
  nested: 'the river',
  'five megabytes': FIVE_MB,
  binary: 'search engine',
};

onEveryEngine('documents that are hard to copy', ({ url }) => {
  let tiny: Awaited<ReturnType<typeof tinyEncoder>>;
  let engine: Engine;
  let encoder: Encoder;
  beforeAll(async () => {
    tiny = await tinyEncoder();
    encoder = tiny.encoder;
    engine = await connect(await url());
  }, 120_000);
  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    await tiny?.[Symbol.asyncDispose]();
  });

  it('each come to the end that is said of them, and what is copied is copied whole', async () => {
    const [source, to] = [freshName('hard'), freshName('copy')];
    await engine.createIndex(source, { mappings: { properties: PROPERTIES } });
    const writes = Object.entries(SOURCES).map(([id, document]): Write => ({ kind: 'index', id, source: document }));
    expect((await engine.bulk(source, writes)).filter(({ ok }) => !ok)).toEqual([]);
    await engine.refresh(source);
    const refusals: Refusal[] = [];
    const put = async (some: readonly Refusal[]) => void refusals.push(...some);
    const deadLetters = { put, [Symbol.asyncDispose]: async () => {} };
    const options = { to, encoder, textFields: ['text', 'extra'], deadLetters };
    const reports = await collect(reindex(engine, source, options));
    const { object: _, ...copied } = SOURCES;
    const documents = Object.keys(copied).length;
    expect(reports.at(-1) as ReindexResult).toMatchObject({ documents, failed: 1, verified: true });
    // Without text: absent, null, blank. Cut: the five megabytes.
    expect(reports.at(-2) as CopyReport).toMatchObject({ empty: 3, truncated: 1, failures: { not_text: 1 } });
    expect(refusals).toMatchObject([
      { id: 'object', status: 400, type: 'not_text', reason: expect.stringContaining('field extra holds an object') },
    ]);
    const there = new Map<unknown, Record<string, unknown>>();
    for (const { _id, splade, [HASH_FIELD]: hash, ...rest } of await collect(dumpIndex(engine, to))) {
      there.set(_id, rest);
      const text = TEXTS[_id as string];
      expect([_id, Object.keys(splade as object).length > 0]).toEqual([_id, text !== undefined]);
      expect(hash).toEqual(expect.any(String));
    }
    // Not by toEqual, which would print megabytes.
    for (const [id, document] of Object.entries(copied)) {
      expect([id, JSON.stringify(there.get(id))]).toEqual([id, JSON.stringify(document)]);
    }
  });
});
