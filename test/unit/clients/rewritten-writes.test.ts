import { spladeHandler } from '../../../src/clients/splade-handler.js';
import type { ClientRequest } from '../../../src/clients/wire-request.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { planOf } from '../../support/vector-index.js';

const encoder = hashingEncoder();

/** What is sent for a request of a client wrapped for index `books`; `undefined` where it is left alone. */
async function sent(request: Partial<ClientRequest>, from = ['text']): Promise<ClientRequest | undefined> {
  const { vectors, ...plan } = { ...planOf(encoder.vocabulary.fingerprint, 'rank-features'), model: encoder.identity };
  const named = { ...plan, vectors: { splade: { ...vectors.splade!, from } } };
  const handle = spladeHandler({ index: 'books', plan: named, dialect: rankFeatures, encoder });
  let last: ClientRequest | undefined;
  await handle({ method: 'PUT', path: '/books/_doc/1', ...request }, async (changed) => {
    last = changed;
    return {};
  });
  return last;
}

const vectorOf = async (text: string) => storedFeatures((await encoder.encode([text]))[0]!.vector, rankFeatures);

describe('a document that is written', () => {
  it('gets the vector of its text, whatever vector it was read with', async () => {
    const body = { text: 'submarine', splade: { fox: 1.5 } };
    expect((await sent({ body }))!.body).toEqual({ text: 'submarine', splade: await vectorOf('submarine') });
  });

  it('keeps a vector that comes without its text', async () => {
    const body = { year: 1999, splade: { fox: 1.5 } };
    expect((await sent({ body }))!.body).toEqual(body);
  });

  it('gets it for texts inside of lists', async () => {
    const body = { c: [{ text: 'fox' }, { text: 'hen' }] };
    const { splade } = (await sent({ body }, ['c.text']))!.body as { splade: object };
    expect(Object.keys(splade).length).toBeGreaterThan(0);
  });

  it('is what its client would send of it, where it writes itself', async () => {
    class Mapped {
      readonly internal = { dirty: 1 };
      constructor(readonly text: string) {}
      toJSON = () => ({ text: this.text, at: new Date(0) });
    }
    const expected = { text: 'fox', at: '1970-01-01T00:00:00.000Z', splade: await vectorOf('fox') };
    expect((await sent({ body: new Mapped('fox') }))!.body).toEqual(expected);
    const bytes = new TextEncoder().encode('{"text":"fox","at":"1970-01-01T00:00:00.000Z"}');
    expect(JSON.parse((await sent({ body: bytes }))!.body as string)).toEqual(expected);
  });

  it('may be larger than any stack', async () => {
    const body = `{"text":"${'fox '.repeat(5_000_000)}","account":9007199254740993}`;
    expect((await sent({ body }))!.body).toContain('"splade":{');
  });

  it.each(['[{"text":"fox"}]', '"fox"', '7', '{"text":"fox'])(
    'passes as it is where it is no object: %s',
    async (body) => {
      expect((await sent({ body }))!.body).toBe(body);
    },
  );

  it('keeps its numbers as they were written: dynamic mappings tell 2.0 from 2', async () => {
    expect((await sent({ body: '{"text":"fox","price":2.0}' }))!.body).toContain('"price":2.0');
  });

  it('passes as it is where it gets no vector', async () => {
    const body = ' { "year" : 1999 }';
    expect((await sent({ body }))!.body).toBe(body);
  });

  it('passes as it is where its path cannot be decoded', async () => {
    expect(await sent({ path: '/%E0%A4%A/_doc/1', body: { text: 'fox' } })).toBeUndefined();
  });

  it('passes as it is where it comes as a stream', async () => {
    async function* pieces() {
      yield '{}';
    }
    expect(await sent({ body: pieces() })).toBeUndefined();
  });
});

describe('an update by parts', () => {
  it('sends the vector as a list, which replaces the old one and is not merged with it', async () => {
    const request = {
      method: 'POST',
      path: '/books/_update/1',
      body: { doc: { text: 'submarine' }, upsert: { text: 'a' } },
    };
    const { doc, upsert } = (await sent(request))!.body as Record<string, { splade: unknown }>;
    expect(doc!.splade).toEqual([await vectorOf('submarine')]);
    expect(upsert!.splade).toEqual(await vectorOf('a'));
  });

  it('is refused with some of its texts, though it brings a vector', async () => {
    const body = { doc: { title: 'a', splade: { fox: 1 } } };
    const update = sent({ method: 'POST', path: '/books/_update/1', body }, ['title', 'text']);
    await expect(update).rejects.toMatchObject({ code: 'UPDATE_PARTIAL_TEXT' });
  });
});

describe('what is no document of an update', () => {
  const INVALID = [
    { doc: 'fox' },
    { doc: [{ text: 'fox' }] },
    { doc: 7 },
    { doc: null },
    { script: {}, upsert: ['fox'] },
  ];

  it.each(INVALID)('is for the engine to refuse: %j', async (body) => {
    const update = await sent({ method: 'POST', path: '/books/_update/1', body });
    expect(update!.body).toEqual(body);
    const bulkBody = [{ update: { _id: '1' } }, body];
    const bulk = await sent({ method: 'POST', path: '/books/_bulk', bulkBody });
    expect(bulk!.bulkBody).toEqual(bulkBody);
  });
});

describe('a bulk', () => {
  const ACTION = '{"index":{}}';
  const GOOD = `${ACTION}\n{"text":"fox"}\n`;
  const linesSent = async (body: unknown) => {
    const { body: written } = (await sent({ method: 'POST', path: '/books/_bulk', body }))!;
    const lines = (written as string).slice(0, -1).split('\n');
    return lines.map((line) => (line.includes('"splade"') ? 'vector' : line));
  };

  it.each(['{"text":"fox', '["fox"]', 'null', ''])(
    'gives the others their vectors where a document is none: %s',
    async (broken) => {
      const lines = await linesSent(`${GOOD}${ACTION}\n${broken}\n${GOOD}`);
      expect(lines).toEqual([ACTION, 'vector', ACTION, broken, ACTION, 'vector']);
    },
  );

  it.each(['{"index":null}', '{"index"', '{}'])('is not read behind an action that is none: %s', async (broken) => {
    expect(await linesSent(`${GOOD}${broken}\n${GOOD}`)).toEqual([
      ...[ACTION, 'vector', broken],
      ...[ACTION, '{"text":"fox"}'],
    ]);
  });

  it('is read past empty lines and what is deleted', async () => {
    const deletion = '{"delete":{"_id":"1"}}';
    expect(await linesSent(`\n${deletion}\n${GOOD}`)).toEqual(['', deletion, ACTION, 'vector']);
  });
});
