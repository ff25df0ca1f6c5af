import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { anseriniFormat } from '../../../src/export/anserini/anserini-format.js';
import { exportVectors } from '../../../src/export/export-vectors.js';
import { unquantised } from '../../../src/export/quantisation.js';
import { termsFormat } from '../../../src/export/terms/terms-format.js';
import { inFreshFolder, sourceOf } from '../../support/token-vectors.js';

/** Anserini's pre-encoded topics of TREC DL 2019, SPLADE++ ED, weights times 1000 (castorini/anserini-tools). */
const TOPICS = '../shared/data/truth/topics.dl19-passage.splade-pp-ed.tsv.gz';

describe("Anserini's pre-encoded topics", () => {
  const test = existsSync(TOPICS) ? it : it.skip;
  if (!existsSync(TOPICS)) process.stderr.write(`LEFT OUT ${TOPICS}: not there\n`);

  test('import and export to the same bytes', async () => {
    await inFreshFolder(async (folder) => {
      const [imported, again] = [join(folder, 'imported'), join(folder, 'again')];
      const common = { documents: sourceOf([]), quantisation: unquantised };
      const queries = sourceOf(anseriniFormat.read(TOPICS, 'queries'));
      const manifest = await exportVectors({ ...common, format: termsFormat, folder: imported, queries });
      expect(manifest.queries).toBe(43);
      const back = sourceOf(termsFormat.read(imported, 'queries'));
      await exportVectors({ ...common, format: anseriniFormat, folder: again, queries: back });
      const written = readFileSync(join(again, 'queries.tsv'));
      expect(written.equals(gunzipSync(readFileSync(TOPICS)))).toBe(true);
    });
  });
});
