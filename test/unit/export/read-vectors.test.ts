import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formats } from '../../../src/export/formats.js';
import { readVectors } from '../../../src/export/read-vectors.js';
import { parseTermsLine } from '../../../src/export/terms/terms-format.js';
import { collect } from '../../support/collect.js';
import { inFreshFolder } from '../../support/token-vectors.js';

it('keeps documents apart whose ids no float64 tells apart', async () => {
  const ids = ['1234567890123456789', '1234567890123456790', '9007199254740993', '0.1234567890123456789'];
  const lines = ids.map((id) => `{"id":${id},"terms":{"x":1}}\n`).join('');
  expect(await read(lines)).toEqual(ids);
});

it('keeps them apart in other systems’ files too', async () => {
  await inFreshFolder(async (folder) => {
    const ids = ['1234567890123456789', '1234567890123456790'];
    const lines = ids.map((id) => `{"id":${id},"content":"","vector":{"x":1}}\n`).join('');
    await writeFile(join(folder, 'in.jsonl'), lines);
    const vectors = await collect(formats.anserini().read(join(folder, 'in.jsonl'), 'documents'));
    expect(vectors.map((item) => item.ok && item.document.id)).toEqual(ids);
  });
});

it('reads a line with a string of 20 MB', async () => {
  const text = '\\n'.repeat(1_000_000) + 'x'.repeat(18_000_000);
  expect(await read(`{"id":"a","text":"${text}","terms":{"x":1}}\n`)).toEqual(['a']);
});

async function read(lines: string): Promise<unknown[]> {
  return inFreshFolder(async (folder) => {
    const file = join(folder, 'in.jsonl');
    await writeFile(file, lines);
    return (await collect(readVectors(file, parseTermsLine))).map((item) => item.ok && item.document.id);
  });
}
