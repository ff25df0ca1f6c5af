import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Fault } from '../../fault/fault.js';

/** A file of a collection, a run or judgements that is not there, or cannot be read as what it should be. */
export class EvaluationFileBroken extends Fault {
  readonly code = 'EVALUATION_FILE_BROKEN';
  constructor(
    readonly file: string,
    found: string,
    remedy: string,
    cause?: unknown,
  ) {
    super({ asked: `read ${file}`, found, remedy, cause });
  }
}

/** A line that is not empty, with its number from 1. */
export interface NumberedLine {
  readonly text: string;
  readonly number: number;
}

/**
 * The lines of a text file that are not blank; a file whose name ends in `.gz` is decompressed.
 * @throws {EvaluationFileBroken} where it cannot be opened or decompressed.
 */
export async function* linesOf(file: string): AsyncGenerator<NumberedLine> {
  let number = 0;
  for await (const text of splitLines(chunksOf(file))) {
    number++;
    if (text.trim() !== '') yield { text, number };
  }
}

async function* chunksOf(file: string): AsyncGenerator<string> {
  const stored = createReadStream(file);
  const input = file.endsWith('.gz') ? stored.pipe(createGunzip()) : stored;
  // `pipe` hands on no errors: without this a missing file would leave the reader waiting.
  if (input !== stored) stored.on('error', (error) => input.destroy(error));
  try {
    for await (const chunk of input.setEncoding('utf8')) yield chunk as string;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new EvaluationFileBroken(file, code === 'ENOENT' ? 'no such file' : message, 'Check the path', cause);
  } finally {
    stored.destroy();
  }
}

/** Splits at line feeds, and takes a carriage return before one away. `readline` does the same but swallows the input's errors. */
async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = '';
  for await (const chunk of chunks) {
    // A string that is only added to is joined once, when it is read: `begun` is not split again with every chunk.
    const [end = '', ...lines] = chunk.split('\n');
    begun += end;
    for (const line of lines) {
      yield begun.endsWith('\r') ? begun.slice(0, -1) : begun;
      begun = line;
    }
  }
  if (begun !== '') yield begun;
}
