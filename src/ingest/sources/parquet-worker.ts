/** The thread that unpacks a Parquet file. It says how many rows there are, and then gives the next ones whenever it is asked. */
import { parentPort, workerData } from 'node:worker_threads';
import { InputUnreadable } from '../ingest-faults.js';
import type { ParquetAnswer } from './parquet-on-thread.js';
import { parquetRows } from './parquet-rows.js';
import type { Row } from './rows.js';

/** Rows of an answer: what the asking thread takes at once, a few milliseconds. */
const ROWS_AT_ONCE = 500;
/** And characters of their texts: rows may be large. */
const LENGTH_AT_ONCE = 1 << 20;
/** What a number takes, beside so many characters. */
const LENGTH_OF_NUMBER = 32;

const port = parentPort!;
const answer = (message: ParquetAnswer) => port.postMessage(message);

try {
  const { total, rows } = await parquetRows(workerData as string);
  port.on('message', () => void next(rows));
  answer({ total });
} catch (thrown) {
  tell(thrown);
}

async function next(rows: AsyncIterator<Row>): Promise<void> {
  try {
    answer({ rows: await someOf(rows) });
  } catch (thrown) {
    tell(thrown);
  }
}

async function someOf(rows: AsyncIterator<Row>): Promise<Row[]> {
  const some: Row[] = [];
  for (let length = 0; some.length < ROWS_AT_ONCE && length < LENGTH_AT_ONCE; ) {
    const { done, value } = await rows.next();
    if (done) break;
    some.push(value);
    length += lengthOf(value.ok ? value.fields : value.text);
  }
  return some;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return LENGTH_OF_NUMBER;
  return Object.values(value).reduce<number>((sum, inner) => sum + lengthOf(inner), 0);
}

function tell(thrown: unknown): void {
  if (!(thrown instanceof InputUnreadable)) throw thrown;
  const { found, remedy } = thrown;
  answer({ unreadable: { found, remedy } });
}
