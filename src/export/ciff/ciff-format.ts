import { repeatedTokens } from '../anserini/repeated-tokens.js';
import { refusedByTabs, refusedByWhitespace } from '../carried-names.js';
import type { ExportFormat } from '../export-format.js';
import { filesUnder, findFile, lineFormat } from '../line-format.js';
import { scale } from '../quantisation.js';
import { readCiff } from './ciff-reader.js';
import { CIFF_FILE, CiffWriter } from './ciff-writer.js';

const QUERIES = { path: 'queries.tsv', ...repeatedTokens };

/** CIFF, which PISA, JASS and Lucene tools read: impacts as term frequencies. It has no queries; they go beside it, tokens repeated. */
export function ciffFormat(): ExportFormat {
  const lines = lineFormat({
    name: 'ciff',
    whole: true,
    usual: scale(100),
    losses: ['the order of terms within a document: they come back in order of their names'],
    refuses: (name, what) => (what === 'id' ? refusedByTabs(name) : refusedByWhitespace(name)),
    documents: QUERIES,
    queries: [QUERIES],
  });
  return {
    ...lines,
    parted: false,
    open: (side, target, part) => (side === 'documents' ? new CiffWriter(target) : lines.open(side, target, part)),
    filesOf: (from, side) => (side === 'documents' ? filesUnder(from, CIFF_FILE) : lines.filesOf(from, side)),
    async *read(from, side, options) {
      if (side === 'queries') return yield* lines.read(from, side, options);
      const file = await findFile(from, CIFF_FILE);
      if (file === undefined) return;
      for await (const document of readCiff(file, options?.workFolder, options?.signal)) yield { ok: true, document };
    },
  };
}
