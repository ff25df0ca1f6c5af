import type { ExportFormat, Side } from '../export-format.js';
import { type VectorSource, withoutFirst } from '../vector-source.js';
import { mustBeWholeExport } from '../whole-export.js';

/**
 * The vectors of one side of what another system's format holds: a folder that an export has written, or one file of it.
 * @param workFolder where readers that have to sort may put files while they run.
 * @throws {BrokenFile} once it is read, for a folder that is no whole export of that format.
 */
export function importedVectors(format: ExportFormat, from: string, side: Side, workFolder?: string): VectorSource {
  const items: VectorSource['items'] = async function* ({ skip, signal }) {
    await mustBeWholeExport(format, from, side);
    yield* withoutFirst(format.read(from, side, { workFolder, signal }), skip);
  };
  return { name: from, items };
}
