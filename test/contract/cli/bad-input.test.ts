import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { type CommandResult, termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-bad-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a person is told: the stable code, a word of what was found; and never a stack trace. */
function expectFault({ exitCode, stdout, stderr }: CommandResult, code: string, exit: number, found: RegExp) {
  expect(stderr).toMatch(new RegExp(`code +${code}\\b`));
  expect(stderr).toMatch(found);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stdout).toBe('');
  expect(exitCode).toBe(exit);
}

describe('a command line that cannot be read', () => {
  it.each([
    [['frobnicate', '--json'], /frobnicate/],
    [['search', 'books', 'fox', '--sise', '3', '--json'], /--sise/],
    [['search', 'books', 'fox', '--size', '0', '--json'], /whole number/],
    [['sandbox', 'up', 'solr', '--json'], /solr/],
    [['search', '--json'], /missing required argument/],
  ])('%j is one JSON object on stderr', async (words, found) => {
    const { exitCode, stdout, stderr } = await termweave(words);
    expect(JSON.parse(stderr)).toEqual({
      error: expect.objectContaining({ code: 'USAGE_WRONG', found: expect.stringMatching(found) }),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('a model that cannot be used', () => {
  it('is not there', async () => {
    expectFault(await termweave(['encode', 'x', '--model', 'no-such-model']), 'MODEL_NOT_FOUND', 2, /no-such-model/);
  });

  it('has corrupt weights', async () => {
    const model = await tinyCheckpoint();
    const weights = join(model, 'model.safetensors');
    await writeFile(weights, (await readFile(weights)).subarray(0, 1000));
    expectFault(await termweave(['encode', 'x', '--model', model]), 'MODEL_FILE_BROKEN', 2, /model\.safetensors/);
  });

  it('has no tokenizer', async () => {
    const model = await tinyCheckpoint();
    await rm(join(model, 'tokenizer.json'));
    expectFault(await termweave(['encode', 'x', '--model', model]), 'MODEL_FILE_MISSING', 2, /tokenizer/);
  });
});

describe('an engine that cannot be reached', () => {
  it('is down', async () => {
    const result = await termweave(['search', 'books', 'fox', '--url', 'http://127.0.0.1:1']);
    expectFault(result, 'ENGINE_UNREACHABLE', 3, /ECONNREFUSED/);
  });

  it('is not named', async () => {
    const result = await termweave(['search', 'books', 'fox'], { env: { TERMWEAVE_URL: '' } });
    expectFault(result, 'OPTION_INVALID', 2, /neither --url nor TERMWEAVE_URL/);
  });

  // No secured engine runs here: the answer is the one that both engines document for 401, from a server that gives nothing else.
  it('refuses the password, which is never shown', async () => {
    const body = {
      error: { type: 'security_exception', reason: 'unable to authenticate user [elastic]' },
      status: 401,
    };
    const server = createServer((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { TERMWEAVE_USERNAME: 'elastic', TERMWEAVE_PASSWORD: 'se-cret' };
    const result = await termweave(['search', 'books', 'fox', '--url', url], { env });
    expectFault(result, 'ENGINE_ACCESS_DENIED', 3, /401.*unable to authenticate/);
    expect(result.stderr).not.toContain('se-cret');
    server.close();
  });

  it.each(['http://elastic:se-cret@127.0.0.1:1', 'http://127.0.0.1:1,http://elastic:se-cret@127.0.0.1:2'])(
    'takes no password from an argument: %s',
    async (url) => {
      const result = await termweave(['search', 'books', 'fox', '--url', url]);
      expectFault(result, 'OPTION_INVALID', 2, /argument/);
      expect(result.stderr).not.toContain('se-cret');
    },
  );
});

// What is refused is refused by termweave: two engines show the words that are theirs.
onEveryEngine(
  'bad input',
  ({ url }) => {
    let engine: Engine;
    let env: Record<string, string>;
    beforeAll(async () => {
      engine = await connect(await url());
      env = { TERMWEAVE_URL: await url() };
    }, 120_000);
    afterAll(() => engine[Symbol.asyncDispose]());

    const index = async (content: string, ...options: string[]) => {
      const name = freshName('bad');
      const deadLetters = join(folder, `${name}.dead.jsonl`);
      const args = ['index', '-', '--index', name, '--dead-letters', deadLetters, '--json', ...options];
      const result = await termweave(args, { env, input: content });
      const letters = (await readFile(deadLetters, 'utf8').catch(() => '')).split('\n').filter(Boolean);
      return { name, result, letters: letters.map((line) => JSON.parse(line)) };
    };
    const line = (id: string, text: unknown) => `${JSON.stringify({ _id: id, text })}\n`;

    it('an index that is not there', async () => {
      expectFault(await termweave(['search', 'no-such-index', 'fox'], { env }), 'INDEX_NOT_FOUND', 2, /no-such-index/);
    });

    it('a red index', async () => {
      const red = freshName('red');
      const nowhere = { 'index.routing.allocation.require._name': 'no-such-node', 'index.number_of_replicas': 0 };
      const body = { settings: nowhere };
      const path = `/${red}`;
      await engine.request({ method: 'PUT', path, body, query: { wait_for_active_shards: '0', timeout: '1s' } });
      await expect(engine.search(red, {})).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
      await engine.deleteIndex(red);
    });

    it('JSONL broken on line 3: that line goes to the dead letters, the others into the index', async () => {
      const { result, letters } = await index(
        `${line('a', 'fox')}${line('b', 'bread')}{"_id": "c", \n${line('d', 'water')}`,
      );
      expect(result.exitCode).toBe(1);
      expect(JSON.parse(result.stdout)).toMatchObject({ indexed: 3, failed: 1 });
      expect(letters).toMatchObject([{ line: 3, type: 'unreadable_line' }]);
    });

    it('an id twice: the first stands, the second is named', async () => {
      const { result, letters } = await index(`${line('a', 'fox')}${line('a', 'bread')}`);
      expect(JSON.parse(result.stdout)).toMatchObject({ indexed: 1, failed: 1 });
      expect(letters).toMatchObject([{ id: 'a', line: 2, type: 'duplicate_id' }]);
    });

    it('an empty document is indexed, and counted', async () => {
      const { result } = await index(`${line('a', '')}${line('b', 'bread')}`);
      expect(result.exitCode).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({ indexed: 2, failed: 0, empty: 1 });
    });

    it('a document of 5 MB is cut for its vector, and said so', async () => {
      const { result } = await index(line('a', 'the quick fox '.repeat(375_000)));
      expect(result.exitCode).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({ indexed: 1, truncated: 1 });
      expect(result.stderr).toMatch(/longer than the model takes/);
    });

    it('a field that is not text', async () => {
      const { result, letters } = await index(`${line('a', { nested: true })}${line('b', 'bread')}`);
      expect(result.exitCode).toBe(1);
      expect(letters).toMatchObject([{ id: 'a', type: 'not_text', reason: expect.stringContaining('text') }]);
    });

    it('text fields that no document has: nothing is made or written', async () => {
      const { name, result } = await index(line('a', 'fox'), '--text', 'nofield');
      expect(JSON.parse(result.stderr).error).toMatchObject({ code: 'FIELDS_UNKNOWN', fields: ['_id', 'text'] });
      expect(result.exitCode).toBe(2);
      await expect(engine.describeIndex(name)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    });

    it('documents without the text fields of the index that they are to go into: they go there, and it is said', async () => {
      const { name } = await index('{"_id":"a","body":"fox"}\n', '--text', 'body');
      const again = await termweave(['index', '-', '--index', name, '--dead-letters', '/dev/null'], {
        env,
        input: '{"_id":"b","blurb":"fox"}\n',
      });
      expect(again.exitCode).toBe(0);
      expect(again.stderr).toMatch(/none of the first documents has a field .*\(body\); theirs are _id, blurb/);
      expectFault(
        await termweave(['mapping', '--like', name, '--text', 'body,nofield'], { env }),
        'FIELDS_UNKNOWN',
        2,
        /none of nofield/,
      );
      expectFault(await termweave(['mapping', '--like', name], { env }), 'FIELDS_UNKNOWN', 2, /none of title, text/);
      await engine.deleteIndex(name);
    });

    it('a file without a document, for an index that is not there', async () => {
      const { result } = await index('');
      expect(JSON.parse(result.stderr).error).toMatchObject({
        code: 'INPUT_UNREADABLE',
        found: expect.stringContaining('empty'),
      });
    });

    it('an index whose _meta names another model', async () => {
      const other = await tinyCheckpoint();
      const { name } = await index(line('a', 'fox'));
      expectFault(
        await termweave(['search', name, 'fox', '--model', other], { env }),
        'MODEL_MISMATCH',
        2,
        /vocabulary/,
      );
      await engine.deleteIndex(name);
    });
  },
  ({ version }) => !version.startsWith('7.'),
);

describe('TLS files that are none', () => {
  it.each(['serve', 'gateway'])('end %s before anything is loaded', async (command) => {
    const junk = join(folder, 'junk.pem');
    await writeFile(junk, 'junk');
    const upstream = command === 'gateway' ? ['--upstream', 'http://127.0.0.1:1'] : [];
    const result = await termweave([command, ...upstream, '--port', '0', '--tls-key', junk, '--tls-cert', junk]);
    expectFault(result, 'OPTION_INVALID', 2, /PEM|no start line/i);
  });
});
