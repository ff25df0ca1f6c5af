import { dirname, join } from 'node:path';
import { BrokenFile } from '../export-faults.js';
import type { ExportFormat } from '../export-format.js';
import { filesUnder, findFile } from '../line-format.js';
import { unquantised } from '../quantisation.js';
import { Malformed, readEveryRow } from '../read-vectors.js';
import { readCsr } from './csr-reader.js';
import { type Columns, CsrWriter } from './csr-writer.js';

const VOCABULARY = 'vocabulary.jsonl';

/** Sparse matrices for researchers: scipy's `.npz` and the BigANN sparse track's `.csr`, with ids and tokens beside them. */
export function csrFormat(): ExportFormat {
  const columns: Columns = new Map();
  return {
    name: 'csr',
    whole: false,
    usual: unquantised,
    losses: ['the order of terms: they come back in order of their columns', 'weights that are no float32 are rounded'],
    refuses: () => undefined,
    parted: false,
    open: (side, target) => new CsrWriter(side, target, columns),
    companions: () => [
      { path: VOCABULARY, text: [...columns.keys()].map((token) => `${JSON.stringify(token)}\n`).join('') },
    ],
    filesOf: (from, side) => filesUnder(from, `${side}.csr`),
    async *read(from, side, options) {
      const file = await findFile(from, `${side}.csr`);
      if (file === undefined) return;
      const idsFile = await findFile(dirname(file), `${side}.ids.jsonl`);
      if (idsFile === undefined) throw new BrokenFile(file, 'no ids beside it');
      const ids = readEveryRow(idsFile, parseString, options);
      const tokens: string[] = [];
      for await (const token of readEveryRow(join(dirname(file), VOCABULARY), parseString, options)) tokens.push(token);
      for await (const document of readCsr(file, ids, tokens)) yield { ok: true, document };
    },
  };
}

function parseString(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'string') return value;
  } catch {}
  throw new Malformed('no JSON string');
}
