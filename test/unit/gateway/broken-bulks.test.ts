import { FakeEngine, gatewayTo } from '../../support/fake-engine.js';

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

const ACTION = '{"index":{}}';
const DOCUMENT = '{"title":"fox"}';
const GOOD = `${ACTION}\n${DOCUMENT}\n`;
/** The lines that the engine was sent, for `lines` sent to the gateway. */
async function sentFor(lines: string): Promise<string[]> {
  await using gateway = await gatewayTo(engine);
  expect((await gateway.post('/planned/_bulk', lines)).status).toBe(200);
  return engine.asked.at(-1)!.body.split('\n');
}
const withVector = (line: string) => line.includes('"splade_title"');

describe('a document of a bulk that cannot be read', () => {
  it.each(['{"title":"fox', 'fox', '["fox"]', '7', '"fox"', 'null', ''])(
    'passes alone as it is: %s',
    async (broken) => {
      const lines = await sentFor(`${GOOD}${ACTION}\n${broken}\n${GOOD}`);
      expect(lines.map((line) => (withVector(line) ? 'vector' : line))).toEqual([
        ACTION,
        'vector',
        ACTION,
        broken,
        ACTION,
        'vector',
        '',
      ]);
    },
  );

  it('leaves no later slice without its vectors', async () => {
    const lines = await sentFor(`${ACTION}\n{"title":\n${GOOD.repeat(600)}`);
    expect(lines.filter(withVector)).toHaveLength(600);
  });
});

describe('an action of a bulk that is none', () => {
  it.each(['{"title":"fox', '[]', '{}', '{"index":null}', '{"mend":{}}'])(
    'ends what is read, and what stands before it has its vectors: %s',
    async (broken) => {
      const rest = `${broken}\n${GOOD.repeat(200)}`;
      const lines = await sentFor(GOOD + rest);
      expect(withVector(lines[1]!)).toBe(true);
      expect(lines.slice(2).join('\n')).toBe(rest);
    },
  );

  it('is not an empty line, nor what follows a delete', async () => {
    const lines = await sentFor(`\n${GOOD}\n{"delete":{"_id":"1"}}\n${GOOD}`);
    expect(lines.filter(withVector)).toHaveLength(2);
    expect(lines).toContain('{"delete":{"_id":"1"}}');
  });
});

it('that only deletes asks for no plan', async () => {
  await sentFor('{"delete":{"_id":"1"}}\n');
  expect(engine.mappingsAsked).toBe(0);
});

it('keeps the numbers of a document as they were written', async () => {
  const [, document] = await sentFor(`${ACTION}\n{"title":"fox","price":2.0,"id":1234567890123456789}\n`);
  expect(document).toContain('"price":2.0,"id":1234567890123456789');
});
