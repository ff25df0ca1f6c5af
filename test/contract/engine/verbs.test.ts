import type { Engine, Hit } from '../../../src/engine/engine.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { freshName } from '../../support/engines.js';

const MAPPINGS = { mappings: { properties: { text: { type: 'text' }, number: { type: 'integer' } } } };

async function filled(engine: Engine, documents: number): Promise<string> {
  const index = freshName('verbs');
  await engine.createIndex(index, MAPPINGS);
  const writes = Array.from({ length: documents }, (_, i) => ({
    kind: 'index' as const,
    id: `d${i}`,
    source: { text: `document number ${i}`, number: i },
  }));
  await engine.bulk(index, writes);
  await engine.refresh(index);
  return index;
}

async function idsOf(pages: AsyncIterable<readonly Hit[]>): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of pages) ids.push(...page.map(({ id }) => id));
  return ids;
}

onEveryConnectedEngine('the verbs', (engine) => {
  it('describe an index, and throw for one that is not there', async () => {
    const index = await filled(engine(), 1);
    expect(await engine().describeIndex(index)).toMatchObject({ name: index, aliases: [] });
    await expect(engine().describeIndex('no-such-index')).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    await expect(engine().search('no-such-index', {})).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    await expect(engine().createIndex(index, MAPPINGS)).rejects.toMatchObject({ code: 'INDEX_EXISTS' });
    await engine().deleteIndex(index);
    await expect(engine().count(index)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('tell an index from one that had its name before', async () => {
    const uuidOf = async (index: string) =>
      ((await engine().describeIndex(index)).settings as { index: { uuid: string } }).index.uuid;
    const index = await filled(engine(), 0);
    const first = await uuidOf(index);
    expect(first).toMatch(/\S{8,}/);
    await engine().deleteIndex(index);
    await engine().createIndex(index, MAPPINGS);
    expect(await uuidOf(index)).not.toBe(first);
    await engine().deleteIndex(index);
  });

  it('give back the part of a source that is asked for', async () => {
    const index = freshName('verbs');
    await engine().createIndex(index, { mappings: { dynamic: false } });
    const source = {
      title: 'fox',
      book: { title: 'dusk', pages: 3, author: { name: 'A', born: 1900 } },
      parts: [{ text: 'one', size: 1 }, { size: 2 }],
    };
    await engine().bulk(index, [{ kind: 'index', id: 'd', source }]);
    await engine().refresh(index);
    for (const [filter, expected] of [
      [['title', 'book.title'], { title: 'fox', book: { title: 'dusk' } }],
      [['book'], { book: source.book }],
      [['book.*'], { book: source.book }],
      [['book.author.name', 'absent'], { book: { author: { name: 'A' } } }],
      [['parts.text'], { parts: [{ text: 'one' }] }],
      [{ includes: ['book'], excludes: ['*.author', 'book.pages'] }, { book: { title: 'dusk' } }],
    ] as const) {
      const { hits } = await engine().search(index, { query: { match_all: {} }, _source: filter });
      expect(hits[0]!.source).toEqual(expected);
    }
    await engine().deleteIndex(index);
  });

  it('give each write its own fate, in order', async () => {
    const index = await filled(engine(), 1);
    const outcomes = await engine().bulk(index, [
      { kind: 'index', id: 'd0', source: { text: 'again' } },
      { kind: 'create', id: 'd0', source: { text: 'no' } },
      { kind: 'create', id: 'd1', source: { text: 'yes' } },
      { kind: 'update', id: 'd1', doc: { number: 7 } },
      { kind: 'update', id: 'd9', doc: { number: 7 } },
      { kind: 'delete', id: 'd9' },
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.result : outcome.status))).toEqual([
      'updated',
      409,
      'created',
      'updated',
      404,
      'not_found',
    ]);
    await engine().refresh(index);
    const { hits } = await engine().search(index, { query: { ids: { values: ['d1'] } } });
    expect(hits[0]!.source).toEqual({ text: 'yes', number: 7 });
    await engine().deleteIndex(index);
  });

  it('read every document of a snapshot once, whatever is written meanwhile', async () => {
    const index = await filled(engine(), 101);
    {
      await using snapshot = await engine().snapshot(index);
      await engine().bulk(index, [
        { kind: 'index', id: 'later', source: { text: 'later' } },
        { kind: 'delete', id: 'd5' },
      ]);
      await engine().refresh(index);
      const { total } = await snapshot.search({ size: 0, track_total_hits: true });
      expect(total).toBe(101);
    }
    await using after = await engine().snapshot(index);
    const ids = await idsOf(after.pages({ size: 10, source: false }));
    expect(ids).toHaveLength(101);
    expect(new Set(ids).size).toBe(101);
    expect(ids).toContain('later');
    expect(ids).not.toContain('d5');
    await engine().deleteIndex(index);
  });

  it('cut a snapshot into disjoint slices that are the whole', async () => {
    const index = await filled(engine(), 60);
    await using snapshot = await engine().snapshot(index);
    const slices = await Promise.all(
      [0, 1, 2].map((part) => idsOf(snapshot.pages({ size: 7, slice: { part, of: 3 } }))),
    );
    const ids = slices.flat();
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
    await engine().deleteIndex(index);
  });

  it('search by words, page by page', async () => {
    const index = await filled(engine(), 30);
    const { hits, total } = await engine().search(index, { query: { match: { text: 'number' } }, from: 10, size: 5 });
    expect(hits).toHaveLength(5);
    expect(total).toBe(30);
    expect(await engine().count(index, { match: { text: '7' } })).toBe(1);
    await engine().deleteIndex(index);
  });

  it('refuse a query that does not exist, with the reason', async () => {
    const index = await filled(engine(), 1);
    await expect(engine().search(index, { query: { no_such_query: {} } })).rejects.toMatchObject({
      code: 'ENGINE_REFUSED',
      reason: expect.stringContaining('no_such_query'),
    });
    await engine().deleteIndex(index);
  });

  it('answer several searches in one request, in order', async () => {
    const index = await filled(engine(), 20);
    const body = (number: number) => ({ query: { ids: { values: [`d${number}`] } } });
    const answers = await engine().multiSearch(index, [body(7), body(99), body(3)]);
    expect(answers.map(({ hits }) => hits.map(({ id }) => id))).toEqual([['d7'], [], ['d3']]);
    expect(await engine().multiSearch(index, [])).toEqual([]);
    await expect(engine().multiSearch(index, [body(1), { query: { no_such_query: {} } }])).rejects.toMatchObject({
      code: 'ENGINE_REFUSED',
    });
    await engine().deleteIndex(index);
  });

  it('mark an index anew with every write, and with nothing else', async () => {
    const index = await filled(engine(), 3);
    const marks = [await engine().writeMark(index)];
    const write = { kind: 'index', id: 'd1', source: {} } as const;
    for (const one of [write, write, { kind: 'delete', id: 'd2' } as const, { ...write, id: 'new' }]) {
      await engine().bulk(index, [one]);
      marks.push(await engine().writeMark(index));
    }
    expect(new Set(marks).size).toBe(5);
    await engine().refresh(index);
    await engine().search(index, {});
    expect(await engine().writeMark(index)).toBe(marks.at(-1));
    // As many writes to an index that takes the name later are others.
    await engine().deleteIndex(index);
    await engine().createIndex(index, MAPPINGS);
    for (let i = 0; i < 7; i++) {
      marks.push(await engine().writeMark(index));
      await engine().bulk(index, [write]);
    }
    expect(new Set(marks).size).toBe(12);
    await engine().deleteIndex(index);
  });
});
