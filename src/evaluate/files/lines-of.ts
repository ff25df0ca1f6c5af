import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type TextLine, textLines } from '../../export/text-lines.js';
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

/**
 * The lines of a text file that are not blank; a file whose name ends in `.gz` is decompressed.
 * @throws {EvaluationFileBroken} where it cannot be opened or decompressed.
 */
export async function* linesOf(file: string): AsyncGenerator<TextLine> {
  for await (const line of textLines(chunksOf(file))) if (line.text.trim() !== '') yield line;
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const stored = createReadStream(file);
  const input = file.endsWith('.gz') ? stored.pipe(createGunzip()) : stored;
  // `pipe` hands on no errors: without this a missing file would leave the reader waiting.
  if (input !== stored) stored.on('error', (error) => input.destroy(error));
  try {
    for await (const chunk of input) yield chunk as Buffer;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new EvaluationFileBroken(file, code === 'ENOENT' ? 'no such file' : message, 'Check the path', cause);
  } finally {
    stored.destroy();
  }
}
