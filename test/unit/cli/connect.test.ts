import { termweave } from '../../support/command-line.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { served } from '../../support/served.js';

type Served = Awaited<ReturnType<typeof served>>;

let service: Served;
let guarded: Served;
beforeAll(async () => {
  service = await served(hashingEncoder(), { limits: { queue: 40 } });
  guarded = await served(hashingEncoder(), { token: 'secret' });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
});

function connect(url: string, words: readonly string[] = [], token = '') {
  const asked = ['--service', url, '--index', 'books', '--text', 'body', '--print', '--json', ...words];
  return termweave(['connect', 'opensearch', ...asked], { env: { TERMWEAVE_SERVICE_TOKEN: token } });
}

it('asks for no more documents at once than the service takes', async () => {
  const { exitCode, stderr } = await connect(service.url, ['--batch', '41']);
  expect([exitCode, JSON.parse(stderr).error]).toMatchObject([
    2,
    { asked: '--batch 41', found: expect.stringContaining('takes 40 texts') },
  ]);
  expect((await connect(service.url, ['--batch', '40'])).exitCode).toBe(0);
});

it('takes a variable of nothing for no token, and sends none with a newline', async () => {
  const { exitCode, stdout } = await connect(service.url, [], ' ');
  expect([exitCode, stdout.includes('authorization')]).toEqual([0, false]);
  const withToken = await connect(guarded.url, [], 'secret\n');
  expect([withToken.exitCode, withToken.stdout.includes('authorization')]).toEqual([0, true]);
  const blanks = await connect(guarded.url, [], 'two words');
  expect([blanks.exitCode, JSON.parse(blanks.stderr).error.asked]).toEqual([
    2,
    'the token in $TERMWEAVE_SERVICE_TOKEN',
  ]);
});

it.each(['http://encoder:8765/?x=1', 'http://encoder:8765/#x', 'http://:password@encoder:8765', 'encoder:8765'])(
  'takes no %s for the address of a service',
  async (url) => {
    const { exitCode, stderr } = await connect(url);
    expect([exitCode, JSON.parse(stderr).error.asked]).toEqual([2, `--service ${url}`]);
  },
);
