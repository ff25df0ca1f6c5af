/**
 * How many documents a second does an export write, and does memory stay flat?
 *
 * Reads vectors ({"id","terms"}) from a JSONL file, quantises them by scale(100) and writes each format in a process of its own, at two
 * sizes; the larger is 112,026 documents unless told otherwise. Where the file has fewer, its documents come again under other ids.
 * Peak memory is the process's own high-water mark (VmHWM).
 *
 *   npm run build && node bench/run.mjs export --vectors vectors.jsonl [--documents 112026] [--formats anserini,ciff]
 *
 * Traps: texts are not encoded here, which takes far longer than the rest. Documents that come again are in the disk cache, and make
 * gzip no better (its window is 32 kB). Other work on the machine lowers the rate, not the memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exportVectors } from '../src/export/export-vectors.js';
import { formatNamed } from '../src/export/formats.js';
import { scale } from '../src/export/quantisation.js';
import { fileVectors } from '../src/export/sources/file-vectors.js';
import type { VectorItem } from '../src/export/vector-source.js';

const { values: options } = parseArgs({
  options: {
    vectors: { type: 'string' },
    documents: { type: 'string', default: '112026' },
    formats: { type: 'string', default: 'anserini,lucene,tantivy,vespa,ciff,seismic,csr' },
    one: { type: 'boolean', default: false },
  },
});

async function* repeated(file: string, count: number): AsyncGenerator<VectorItem> {
  const openEncoder = () => Promise.reject(new Error('give vectors, not texts'));
  for (let round = 0, written = 0; written < count; round++) {
    const source = await fileVectors(file, { as: 'document', openEncoder });
    for await (const item of source.items({})) {
      yield item.ok ? { ok: true, document: { ...item.document, id: `${item.document.id}-${round}` } } : item;
      if (++written === count) return;
    }
  }
}

async function exportOne(name: string, file: string, count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'termweave-bench-export-'));
  const began = performance.now();
  const format = formatNamed(name);
  try {
    const manifest = await exportVectors({
      format,
      folder,
      documents: { name: file, items: () => repeated(file, count) },
      quantisation: scale(100),
    });
    const seconds = (performance.now() - began) / 1000;
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
    const bytes = manifest.files.reduce((sum, entry) => sum + entry.bytes, 0);
    console.log(
      [name, count, Math.round(count / seconds), Math.round(peak), Math.round(bytes / 1e6)]
        .map((cell) => String(cell).padEnd(12))
        .join(''),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (!options.vectors) throw new Error('--vectors FILE is missing');
if (options.one) await exportOne(options.formats, options.vectors, Number(options.documents));
else {
  console.log(['format', 'documents', 'documents/s', 'peak MB', 'written MB'].map((cell) => cell.padEnd(12)).join(''));
  const sizes = [Math.ceil(Number(options.documents) / 8), Number(options.documents)];
  for (const name of options.formats.split(',')) {
    for (const size of sizes) {
      const runner = ['bench/run.mjs', 'export', '--one', '--formats', name, '--vectors', options.vectors];
      spawnSync(process.execPath, [...runner, '--documents', String(size)], { stdio: 'inherit' });
    }
  }
}
