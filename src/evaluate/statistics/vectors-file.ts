import { z } from 'zod';
import { EvaluationFileBroken, linesOf } from '../files/lines-of.js';

const REMEDY = 'Every line is a JSON object with "terms" or "vector": {token: weight}';
const terms = z.record(z.string(), z.number());

/**
 * The vectors of a file, one JSON object a line, each with its vector (token to weight) under `terms`, as `termweave encode` writes it, or
 * `vector`, as Anserini has it. @throws {EvaluationFileBroken}
 */
export async function* vectorsOfFile(file: string): AsyncGenerator<Readonly<Record<string, number>>> {
  let vectors = 0;
  for await (const { text, number } of linesOf(file)) {
    const read = terms.safeParse(vectorIn(text));
    if (!read.success) throw new EvaluationFileBroken(file, `line ${number} has no vector`, REMEDY);
    vectors++;
    yield read.data;
  }
  if (vectors === 0) throw new EvaluationFileBroken(file, 'not a single vector: it is empty', REMEDY);
}

function vectorIn(line: string): unknown {
  try {
    const record = JSON.parse(line) as { terms?: unknown; vector?: unknown } | null;
    return record?.terms ?? record?.vector;
  } catch {
    return undefined;
  }
}
