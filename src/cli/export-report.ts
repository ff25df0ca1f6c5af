import type { ExportManifest } from '../export/export-vectors.js';
import type { Refusal } from '../ingest/source.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say } from './output.js';

const SHOWN = 20;

/** Says the first few items that were left out; all are counted in the manifest. */
export function refusalTeller(): (refusal: Refusal, source: string) => void {
  let told = 0;
  return ({ id, line, reason }, source) => {
    if (told++ >= SHOWN) return;
    say(`left out ${line === undefined ? `document ${id}` : `line ${line}`} of ${source}: ${reason}`);
  };
}

/** Prints what was written and what it cost. Items left out make the exit code 1: the answer is there, but not whole. */
export async function report(manifest: ExportManifest, json: boolean | undefined): Promise<void> {
  const { filesOf } = await import('../export/export-vectors.js');
  const { documents, queries, loss, refused } = manifest;
  const files = filesOf(manifest);
  if (json) printJson({ documents, queries, files, loss, broken: refused });
  else print(summary(manifest, files));
  if (refused > 0) {
    say(`${refused} were left out`);
    process.exitCode = ExitCode.negative;
  }
}

const EXACT_BELOW = 2 ** 24;

function summary({ format, documents, queries, loss }: ExportManifest, files: readonly string[]): string {
  const { documents: cost } = loss;
  const lines = [
    `${documents} documents and ${queries} queries for ${format}, in ${files.length} files`,
    `quantised by ${loss.quantisation}: ${cost.zeros} of ${cost.terms} terms lost, ${cost.clipped} clipped, a weight off by at most ${cost.largestWeightError.toPrecision(3)}`,
  ];
  if (loss.scoreDifferenceBound !== null)
    lines.push(`no score differs by more than ${loss.scoreDifferenceBound.toPrecision(3)}`);
  if (loss.integerScoreBound !== null && loss.integerScoreBound >= EXACT_BELOW) {
    lines.push(`scores may reach ${loss.integerScoreBound}; above ${EXACT_BELOW} a float32 score is rounded`);
  }
  for (const lost of loss.format) lines.push(`not brought back: ${lost}`);
  return lines.join('\n');
}
