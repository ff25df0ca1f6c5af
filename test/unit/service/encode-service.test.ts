import { gzipSync } from 'node:zlib';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { EncodingFailed } from '../../../src/encoder/encoder-faults.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { processorTime } from '../../support/processor-time.js';
import { listening, served } from '../../support/served.js';
import { until } from '../../support/until.js';

/** An encoder whose answers wait for the test. */
function heldEncoder() {
  const encoder = hashingEncoder();
  let release!: () => void;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const signals: AbortSignal[] = [];
  const encode: Encoder['encode'] = async (texts, options = {}) => {
    signals.push(options.signal!);
    await Promise.race([
      released,
      new Promise((_, reject) => options.signal?.addEventListener('abort', () => reject(options.signal?.reason))),
    ]);
    return encoder.encode(texts, options);
  };
  return { ...encoder, vocabulary: encoder.vocabulary, encode, release, signals };
}

/** The float32 that decimals stand for. */
const asSingles = (terms: Record<string, number>) =>
  Object.fromEntries(Object.entries(terms).map(([token, weight]) => [token, Math.fround(weight)]));

describe('/encode', () => {
  it('answers maps of words in the order of the texts, an empty text by an empty map', async () => {
    const encoder = hashingEncoder();
    await using service = await served(encoder);
    const [a, b] = await encoder.encode(['one two', 'three']);
    const answer = await service.post('/encode?round=9bits', { inputs: ['one two', '', 'three'] });
    expect(answer.body.map(asSingles)).toEqual([
      storedFeatures(a!.vector, rankFeatures),
      {},
      storedFeatures(b!.vector, rankFeatures),
    ]);
    expect(answer.headers.get('x-termweave-vocabulary')).toBe(encoder.vocabulary.fingerprint);
    expect(answer.headers.get('x-termweave-truncated')).toBe('0');
    const single = await service.post('/encode', { inputs: 'three' });
    expect(single.body).toHaveLength(1);
  });

  it('has no terms for a text of blanks, as an index has none, whatever a model says of it', async () => {
    const encoder = hashingEncoder();
    const encode: Encoder['encode'] = (texts, options) =>
      encoder.encode(
        texts.map((text) => text.trim() || 'nothing'),
        options,
      );
    await using service = await served({ ...encoder, vocabulary: encoder.vocabulary, encode });
    const answer = await service.post('/encode', { inputs: [' \n', 'fox', '\u00a0'] });
    expect(answer.body.map((terms: object) => Object.keys(terms).length)).toEqual([0, 1, 0]);
  });

  it.each(['__proto__', 'constructor'])('reads no member of the name %s, and answers beside it', async (name) => {
    await using service = await served(hashingEncoder());
    const { body } = await service.post('/encode', '{"inputs": "one two"}');
    const poisoned = await service.post('/encode', `{"${name}": {"prototype": {"inputs": 1}}, "inputs": "one two"}`);
    expect(poisoned).toMatchObject({ status: 200, body });
  });

  it('prunes and rounds as it is asked to, a plus sign escaped or not', async () => {
    await using service = await served(hashingEncoder());
    for (const plus of ['+', '%2B']) {
      const query = `prune=atLeast(0.5)${plus}topK(1)&round=digits(2)`;
      const answer = await service.post(`/encode?${query}`, { inputs: 'a a a b b c' });
      expect(Object.values(answer.body[0])).toEqual([1.1]);
    }
  });

  it('serves several models by name', async () => {
    const models = ['one', 'two'].map((name) => ({ name, encoder: hashingEncoder(name) }));
    await using service = await served(hashingEncoder(), { models: models as never });
    const named = async (query: string) =>
      (await service.post(`/encode${query}`, { inputs: 'x' })).headers.get('x-termweave-model');
    expect(await named('')).toBe('one');
    expect(await named('?model=two')).toBe('two');
    expect((await service.post('/encode?model=three', { inputs: 'x' })).status).toBe(404);
  });
});

describe('/embed_sparse', () => {
  it('answers pairs by rising index, and counts its work', async () => {
    const encoder = hashingEncoder();
    await using service = await served({ ...encoder, identity: { ...encoder.identity, device: 'webgpu' } });
    const answer = await service.post('/embed_sparse', { inputs: ['one two three'], truncate: null });
    const [values] = answer.body as [{ index: number; value: number }[]];
    expect(values).toHaveLength(3);
    expect(values).toEqual([...values].sort((a, b) => a.index - b.index));
    expect(answer.headers.get('x-compute-type')).toBe('webgpu');
    expect(answer.headers.get('x-compute-characters')).toBe('13');
  });

  it('refuses a text that would be cut where it must not be', async () => {
    const { encode, ...rest } = hashingEncoder();
    const cutting: Encoder['encode'] = async (texts) =>
      (await encode(texts)).map((one) => ({ ...one, truncated: true }));
    await using service = await served({ ...rest, encode: cutting });
    const refused = await service.post('/embed_sparse', { inputs: 'x', truncate: false });
    expect(refused.status).toBe(413);
    expect(refused.body).toMatchObject({
      error_type: 'Validation',
      error: expect.stringContaining('256 tokens'),
    });
    const cut = await service.post('/embed_sparse', { inputs: 'x' });
    expect([cut.status, cut.headers.get('x-termweave-truncated')]).toEqual([200, '1']);
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['no text', '/encode', { inputs: [] }, 400, 'Empty'],
    ['an empty text', '/embed_sparse', { inputs: '' }, 400, 'Empty'],
    ['no JSON', '/encode', '{"inputs":', 400, 'Validation'],
    ['a number', '/encode', { inputs: [1] }, 422, 'Validation'],
    ['nothing', '/embed_sparse', 'null', 422, 'Validation'],
    ['a nest', '/encode', `{"inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 422, 'Validation'],
    ['too many texts', '/encode', { inputs: Array(300).fill('x') }, 413, 'Validation'],
    ['too much', '/encode', { inputs: 'x'.repeat(3_000_000) }, 413, 'Validation'],
    ['a bad pruning', '/encode?prune=most', { inputs: 'x' }, 422, 'Validation'],
    ['a bad rounding', '/encode?round=up', { inputs: 'x' }, 422, 'Validation'],
    ['a role twice', '/encode?as=query&as=document', { inputs: 'x' }, 422, 'Validation'],
    ['a parameter that is none', '/encode?role=query', { inputs: 'x' }, 422, 'Validation'],
    ['no URL', '/encode%zz', { inputs: 'x' }, 400, 'Validation'],
    ['an unknown path', '/embed', { inputs: 'x' }, 404, 'Validation'],
    ['a path for another method', '/info', { inputs: 'x' }, 405, 'Validation'],
    ['tokens without a tokenizer', '/tokenize', { inputs: 'x' }, 422, 'Tokenizer'],
  ])('%s', async (_what, path, body, status, type) => {
    const { tokenize: _, ...encoder } = hashingEncoder();
    await using service = await served(encoder);
    const answer = await service.post(path, body);
    expect(answer.body).toEqual({ error: expect.any(String), error_type: type });
    expect(answer.status).toBe(status);
  });

  it('a compressed body, however small it is', async () => {
    await using service = await served(hashingEncoder());
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await fetch(`${service.url}/encode`, { method: 'POST', headers, body: bomb });
    expect(answer.status).toBe(415);
  });

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonlines'])(
    'a body of type %s, and what to send instead',
    async (type) => {
      await using service = await served(hashingEncoder());
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      const body = new TextEncoder().encode('{"inputs":"x"}');
      const answer = await fetch(`${service.url}/encode`, { method: 'POST', headers, body });
      expect([answer.status, await answer.json()]).toEqual([
        415,
        { error: expect.stringContaining('application/json'), error_type: 'Validation' },
      ]);
    },
  );

  it('texts on which the model fails', async () => {
    const encode = () => Promise.reject(new EncodingFailed(1, 'no memory'));
    await using service = await served({ ...hashingEncoder(), encode });
    const answer = await service.post('/embed_sparse', { inputs: 'x' });
    expect([answer.status, answer.body.error_type]).toEqual([424, 'Backend']);
  });
});

describe('under load', () => {
  it('turns away what does not fit in the queue and serves what does', async () => {
    const encoder = heldEncoder();
    await using service = await served(encoder, { limits: { queue: 3 } });
    const inside = service.post('/encode', { inputs: ['a', 'b'] });
    await until(() => encoder.signals.length === 1);
    const refused = await service.post('/encode', { inputs: ['c', 'd'] });
    expect([refused.status, refused.body.error_type]).toEqual([429, 'Overloaded']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const fits = service.post('/encode', { inputs: 'c' });
    encoder.release();
    expect([(await inside).status, (await fits).status]).toEqual([200, 200]);
    expect((await service.post('/encode', { inputs: ['c', 'd', 'e'] })).status).toBe(200);
  });

  it('gives up the work of a client that leaves', async () => {
    const encoder = heldEncoder();
    await using service = await served(encoder, { limits: { queue: 1 } });
    const leaving = new AbortController();
    const left = fetch(`${service.url}/encode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"inputs":"x"}',
      signal: leaving.signal,
    });
    await until(() => encoder.signals.length === 1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await until(() => encoder.signals[0]!.aborted);
    encoder.release();
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('termweave_requests_total{route="/encode",status="499"} 1');
    expect(metrics).toContain('termweave_request_duration_seconds_count{route="/encode"} 1');
    expect((await service.post('/encode', { inputs: 'y' })).status).toBe(200);
  });

  it('answers 429 when the deadline passes', async () => {
    await using service = await served(heldEncoder(), { limits: { deadlineMs: 50 } });
    const late = await service.post('/encode', { inputs: 'x' });
    expect([late.status, late.body.error_type]).toEqual([429, 'Overloaded']);
  });

  it('answers under a deadline that is longer than a timer', async () => {
    await using service = await served(hashingEncoder(), { limits: { deadlineMs: 1e10 } });
    expect((await service.post('/encode', { inputs: 'x' })).status).toBe(200);
  });

  it('finishes what it owes when it is closed', async () => {
    const encoder = heldEncoder();
    const service = await served(encoder);
    const owed = service.post('/encode', { inputs: 'x' });
    await until(() => encoder.signals.length === 1);
    const closed = service[Symbol.asyncDispose]();
    encoder.release();
    expect((await owed).status).toBe(200);
    await closed;
    await expect(fetch(service.url)).rejects.toThrow();
  });
});

it('asks for the token, but of nobody who asks for its health', async () => {
  await using service = await served(hashingEncoder(), { token: 'secret' });
  const status = async (authorization: string) =>
    (await service.post('/encode', { inputs: 'x' }, { authorization })).status;
  expect(await status('Bearer secret')).toBe(200);
  for (const wrong of ['Bearer secre', 'Basic secret', 'Bearer', '']) expect(await status(wrong)).toBe(401);
  expect((await fetch(`${service.url}/info`)).status).toBe(401);
  for (const method of ['GET', 'HEAD']) expect((await fetch(`${service.url}/health`, { method })).status).toBe(200);
});

it('says by its URL that it speaks TLS', async () => {
  await using plain = await served(hashingEncoder());
  await using secured = await served(hashingEncoder(), { tls: { key: '', cert: '' } });
  expect([plain.url, secured.url].map((url) => new URL(url).protocol)).toEqual(['http:', 'https:']);
});

it("is a handler for a server of one's own", async () => {
  const service = await served(hashingEncoder());
  await using own = await listening(service.service.handler);
  expect((await fetch(`${own.url}/info`)).status).toBe(200);
  await service[Symbol.asyncDispose]();
});

it('counts for Prometheus', async () => {
  await using service = await served(hashingEncoder());
  await service.post('/encode', { inputs: ['x', 'y'] });
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(metrics).toContain('termweave_texts_total{model="tiny"} 2');
  expect(metrics).toContain('termweave_queued_texts{model="tiny"} 0');
  expect(Number(/duration_seconds_sum\{route="\/encode"\} (\S+)/.exec(metrics)?.[1])).toBeGreaterThan(0);
  expect(metrics).toContain('termweave_requests_total{route="/encode",status="200"} 1');
});

describe('what a service must not do', () => {
  it('answers for other weights than were asked for', async () => {
    const encoder = hashingEncoder();
    await using service = await served(encoder);
    const asked = (weights: string) => service.post(`/encode?weights=${weights}`, { inputs: 'x' });
    expect((await asked(encoder.identity.weights)).status).toBe(200);
    expect(await asked('other')).toMatchObject({ status: 409, body: { error: expect.stringMatching(/other/) } });
  });

  it('looks at a million items before it refuses them', async () => {
    await using service = await served(hashingEncoder(), { limits: { bodyBytes: 4_000_000 } });
    const inputs = JSON.stringify({ inputs: new Array(900_000).fill(1) });
    const before = processorTime();
    for (const path of ['/encode', '/embed_sparse', '/tokenize']) {
      expect(await service.post(path, inputs)).toMatchObject({ status: 413, body: { error_type: 'Validation' } });
    }
    // Complaints of each item took 8 s; reading the JSON takes a tenth of a second.
    expect(processorTime() - before).toBeLessThan(4_000);
  });

  it('refuses by 413 what its queue never holds, and says so', async () => {
    await using service = await served(hashingEncoder(), { limits: { queue: 10 } });
    const info = await (await fetch(`${service.url}/info`)).json();
    expect(info).toMatchObject({ max_client_batch_size: 10, max_concurrent_requests: 10 });
    expect((await service.post('/encode', { inputs: new Array(11).fill('x') })).status).toBe(413);
    expect((await service.post('/encode', { inputs: new Array(10).fill('x') })).status).toBe(200);
  });

  it('cuts off an answer that is not read yet when it ends', async () => {
    const long = { ...hashingEncoder(), encode: hashingEncoder().encode };
    const texts = Array.from({ length: 200 }, () => Array.from({ length: 3_000 }, (_, i) => `w${i}`).join(' '));
    const service = await served({ ...long, vocabulary: hashingEncoder().vocabulary }, { limits: { bodyBytes: 1e8 } });
    const answer = await fetch(`${service.url}/encode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: texts }),
    });
    const closed = service[Symbol.asyncDispose]();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await answer.json()).toHaveLength(texts.length);
    await closed;
  });

  it('names a model in a header that takes no such letters', async () => {
    const encoder = hashingEncoder();
    await using service = await served(encoder, { models: [{ name: '模型', encoder }] });
    const answer = await service.post('/encode', { inputs: 'x' });
    expect([answer.status, decodeURIComponent(answer.headers.get('x-termweave-model')!)]).toEqual([200, '模型']);
  });
});
