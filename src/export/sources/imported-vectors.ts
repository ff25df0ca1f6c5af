import type { ExportFormat, Side } from '../export-format.js';
import { type VectorSource, withoutFirst } from '../vector-source.js';

/**
 * The vectors of one side of what another system's format holds: a folder that an export has written, or one file of it.
 * @param workFolder where readers that have to sort may put files while they run.
 */
export function importedVectors(format: ExportFormat, from: string, side: Side, workFolder?: string): VectorSource {
  return {
    name: from,
    items: ({ skip, signal }) => withoutFirst(format.read(from, side, { workFolder, signal }), skip),
  };
}
