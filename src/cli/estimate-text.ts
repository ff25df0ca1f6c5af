import type { MachineShare } from '../ingest/reindex/among-machines.js';
import type { Estimate } from '../ingest/reindex/estimate.js';
import { duration } from './ingest-progress.js';
import { tableOf } from './output.js';

/** An estimate for a person. */
export function estimateText(estimate: Estimate, each?: MachineShare): string {
  const { source, to, documents, sample, tokens, seconds, bytes, nonZerosPerDocument } = estimate;
  const rows: [string, string][] = [
    ['documents', `${documents}, by a sample of ${sample}`],
    ['to encode', `${duration(seconds)} on this machine: ${tokens} tokens`],
    ['to send', `${inMegabytes(bytes)}, and about as much in the index for each copy of a shard`],
    ['terms', `${nonZerosPerDocument} a document`],
    ...(each ? rowsOf(each) : []),
  ];
  return `${source === to ? `${source}, in place` : `${source} into ${to}`}\n${tableOf(['', ''], rows).trimStart()}`;
}

function rowsOf({
  machines,
  documents,
  hours,
  bytes,
  machineHours,
  bytesPerSecond,
  cost,
}: MachineShare): [string, string][] {
  return [
    [`each of ${machines} machines`, `${duration(hours * 3600)}: ${documents} documents, ${inMegabytes(bytes)}`],
    ['all of them', `${machineHours} machine hours; the engine takes in ${inMegabytes(bytesPerSecond)} a second`],
    ...(cost === undefined ? [] : [['cost of each', `${cost}`] as [string, string]]),
  ];
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
