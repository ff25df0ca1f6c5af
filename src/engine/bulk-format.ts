import { exactJson } from '../dialect/exact-number.js';
import type { Outcome, Write } from './engine.js';
import { chainOfReasons, type ErrorCause } from './engine-faults.js';

/** The lines of a `_bulk` request, each with its newline. */
export function bulkLines(writes: readonly Write[]): string {
  let lines = '';
  for (const write of writes) {
    const action = JSON.stringify({ [write.kind]: metadataOf(write) });
    lines += write.kind === 'delete' ? `${action}\n` : `${action}\n${bodyLine(write)}\n`;
  }
  return lines;
}

/** Bytes that a write takes in a bulk request, near enough to size requests by. */
export function bulkBytes(write: Write): number {
  const ACTION_LINE = 64;
  return ACTION_LINE + Buffer.byteLength(write.id) + (write.kind === 'delete' ? 0 : Buffer.byteLength(bodyLine(write)));
}

function metadataOf(write: Write): Record<string, unknown> {
  const metadata: Record<string, unknown> = { _id: write.id };
  if (write.routing !== undefined) metadata.routing = write.routing;
  if (write.ifSeqNo !== undefined) {
    metadata.if_seq_no = write.ifSeqNo;
    metadata.if_primary_term = write.ifPrimaryTerm;
  }
  if ('pipeline' in write && write.pipeline) metadata.pipeline = write.pipeline;
  return metadata;
}

/** Of writes on their way: they are sized, sent and perhaps sent again by the same line. */
const LINES = new WeakMap<Write, string>();

function bodyLine(write: Exclude<Write, { kind: 'delete' }>): string {
  const line = LINES.get(write) ?? exactJson(write.kind === 'update' ? { doc: write.doc } : write.source);
  LINES.set(write, line);
  return line;
}

interface BulkAnswer {
  readonly items: readonly Record<string, BulkItem>[];
}

interface BulkItem {
  readonly _id: string;
  readonly status: number;
  readonly result?: string;
  readonly error?: ErrorCause;
}

/** The fate of each write in the answer to a bulk request, in the order of the writes. */
export function outcomesOf(answer: unknown, writes: readonly Write[]): Outcome[] {
  const { items } = answer as BulkAnswer;
  if (items.length !== writes.length) {
    throw new Error(`the engine answered ${items.length} outcomes to ${writes.length} writes`);
  }
  return items.map((item) => outcomeOf(Object.values(item)[0]!));
}

function outcomeOf({ _id: id, status, result, error }: BulkItem): Outcome {
  // A delete of what is not there answers 404 without an error: the document is gone, which is what was asked.
  if (!error) return { ok: true, id, result: result ?? 'done' };
  return { ok: false, id, status, type: error.type ?? 'error', reason: chainOfReasons(error) };
}
