import pc from 'picocolors';
import type { IngestReport } from '../ingest/ingest-report.js';
import { say } from './output.js';

/** Says which documents' vectors are not of all their text, or of none. */
export function sayOfTexts({ truncated, empty }: Pick<IngestReport, 'truncated' | 'empty'>): void {
  if (truncated > 0) say(`longer than the model takes, so that their end is not in the vector: ${truncated}`);
  if (empty > 0) say(pc.yellow(`without text, so that no sparse query will find them: ${empty}`));
}
