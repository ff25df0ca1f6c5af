import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportVectors } from '../../../src/export/export-vectors.js';
import { formatNamed } from '../../../src/export/formats.js';
import { collect } from '../../support/collect.js';
import { inFreshFolder, sourceOf } from '../../support/token-vectors.js';

const VECTORS = ['a', 'b'].map((id) => ({ id, tokens: ['x', 'y'], weights: [1, 2] }));
const HEADER = 24;
/** Three row starts of eight bytes. */
const COLUMNS = HEADER + 3 * 8;

it.each([
  ['a column past the last', COLUMNS, 7, /column 7 of 2 in row 0/],
  ['a column below the first', COLUMNS, -1, /column -1 of 2 in row 0/],
  ['a row that starts past the last entry', HEADER + 8, 900, /row 0 from entry 0 to 900 of 4/],
])('refuses a matrix with %s', async (_what, at, number, found) => {
  await inFreshFolder(async (folder) => {
    await exportVectors({ format: formatNamed('csr'), folder, documents: sourceOf(VECTORS) });
    const file = join(folder, 'documents.csr');
    const bytes = await readFile(file);
    bytes.writeInt32LE(number, at);
    await writeFile(file, bytes);
    const reading = collect(formatNamed('csr').read(folder, 'documents'));
    await expect(reading).rejects.toMatchObject({ code: 'FILE_BROKEN', found: expect.stringMatching(found) });
  });
});
