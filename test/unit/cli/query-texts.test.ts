import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readQueryTexts } from '../../../src/cli/query-texts.js';
import { inFreshFolder } from '../../support/token-vectors.js';

const read = (content: string) =>
  inFreshFolder(async (folder) => {
    const file = join(folder, 'queries');
    await writeFile(file, content);
    return readQueryTexts(file);
  });

it('cuts queries at line feeds alone: U+2028 may stand inside a text, at which newer versions of Node cut as well', async () => {
  expect(await read('{"_id":"a","text":"quick\u2028fox"}\nred\u2029dog\rowl\n')).toEqual([
    { id: 'a', text: 'quick\u2028fox' },
    { id: '2', text: 'red\u2029dog\rowl' },
  ]);
});

it('numbers lines from 1, takes carriage returns away, and passes over blank lines', async () => {
  expect(await read('fox\r\n\r\n{"query":"owl"}\r\nhare')).toEqual([
    { id: '1', text: 'fox' },
    { id: '3', text: 'owl' },
    { id: '4', text: 'hare' },
  ]);
});

it('says which file cannot be read', async () => {
  await expect(readQueryTexts('no-such-file')).rejects.toMatchObject({ asked: 'queries from no-such-file' });
});

it.each(['', '\n \r\n'])('refuses a file without a query: %p', async (content) => {
  await expect(read(content)).rejects.toMatchObject({ code: 'OPTION_INVALID', found: expect.stringMatching(/empty/) });
});
