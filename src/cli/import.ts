import { stat } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Side } from '../export/export-format.js';
import type { VectorOrigin } from '../export/export-vectors.js';
import type { VectorSource } from '../export/vector-source.js';
import { refusalTeller, report } from './export-report.js';
import { interruption } from './interruption.js';
import { mustTakeFolder } from './place-to-write.js';

interface ImportOptions {
  readonly from: string;
  readonly out: string;
  readonly as?: Side;
  readonly skipBroken?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ termweave import anserini --from topics.dl19-passage.splade-pp-ed.tsv.gz --out topics
  $ termweave import ciff --from ciff --out vectors`;

/** `termweave import FORMAT` */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('another system\'s vectors as JSONL of {"id","terms"}, weights as they stand there')
    .argument('<FORMAT>', 'anserini, ciff, csr, lucene, lucene-features, seismic, tantivy, vespa')
    .requiredOption('--from <FOLDER|FILE>', 'a folder that `termweave export` has written, or one file of the format')
    .requiredOption('--out <FOLDER>', 'an empty or a new folder, for documents.jsonl and queries.jsonl')
    .addOption(
      new Option('--as <SIDE>', 'what one file holds (default: queries in .tsv)').choices(['documents', 'queries']),
    )
    .option('--skip-broken', 'leave out lines that cannot be used, and count them')
    .option('--json', 'one JSON object: {"documents","queries","files","loss"}')
    .addHelpText('after', EXAMPLES)
    .action(runImport);
}

async function runImport(written: string, options: ImportOptions): Promise<void> {
  const { formatNamed, formats } = await import('../export/formats.js');
  const { exportVectors } = await import('../export/export-vectors.js');
  const { importedVectors } = await import('../export/sources/imported-vectors.js');
  const { dataStamp } = await import('../export/data-stamp.js');
  const format = formatNamed(written);
  const { from, out, skipBroken } = options;
  await mustTakeFolder(out, '--out');
  const sides = await sidesOf(options);
  const read = (side: Side) => importedVectors(format, from, side, out);
  const origin = await originOf(from);
  const manifest = await exportVectors({
    format: formats.terms(),
    folder: out,
    documents: sides.includes('documents') ? read('documents') : NOTHING,
    queries: sides.includes('queries') ? read('queries') : undefined,
    origin: () => origin,
    stamp: { of: JSON.stringify([written, sides, skipBroken, await dataStamp(from)]), state: '' },
    signal: interruption,
    ...(skipBroken && { onRefused: refusalTeller() }),
  });
  await report(manifest, options.json);
}

async function sidesOf({ from, as }: ImportOptions): Promise<readonly Side[]> {
  if (as) return [as];
  const stats = await stat(from).catch(() => undefined);
  if (!stats?.isFile()) return ['documents', 'queries'];
  return /\.tsv(\.gz|\.zst)?$/.test(from) ? ['queries'] : ['documents'];
}

/** What an export of ours says of its vectors; nothing for files from elsewhere, which may have a `manifest.json`, too. */
async function originOf(from: string): Promise<VectorOrigin> {
  const { readManifest } = await import('../export/whole-export.js');
  const manifest = await readManifest(from);
  return manifest ? { ...manifest.origin, quantisation: manifest.loss.quantisation } : {};
}

const NOTHING: VectorSource = { name: 'nothing', async *items() {} };
