import { anseriniFormat } from './anserini/anserini-format.js';
import { ciffFormat } from './ciff/ciff-format.js';
import { csrFormat } from './csr/csr-format.js';
import { UnknownFormat } from './export-faults.js';
import type { ExportFormat } from './export-format.js';
import { luceneFeaturesFormat } from './lucene/lucene-features-format.js';
import { luceneFormat } from './lucene/lucene-format.js';
import { seismicFormat } from './seismic/seismic-format.js';
import { tantivyFormat } from './tantivy/tantivy-format.js';
import { termsFormat } from './terms/terms-format.js';
import { vespaFormat } from './vespa/vespa-format.js';

/** Every format by name. A format may hold state of one export, so each export asks for its own. */
export const formats = {
  vespa: () => vespaFormat,
  anserini: () => anseriniFormat,
  lucene: () => luceneFormat,
  'lucene-features': () => luceneFeaturesFormat,
  tantivy: () => tantivyFormat,
  ciff: ciffFormat,
  seismic: () => seismicFormat,
  csr: csrFormat,
  terms: () => termsFormat,
} satisfies Record<string, () => ExportFormat>;

export type FormatName = keyof typeof formats;

/** The format of that name. @throws {UnknownFormat} */
export function formatNamed(name: string): ExportFormat {
  if (!Object.hasOwn(formats, name)) throw new UnknownFormat(name, Object.keys(formats));
  return formats[name as FormatName]();
}
