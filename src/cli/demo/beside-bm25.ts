import pc from 'picocolors';
import type { Encoder } from '../../encoder/encoder.js';
import type { Hit } from '../../engine/engine.js';
import { lexicalQuery } from '../../evaluate/systems/bm25.js';
import { firstText } from '../../mapping/document-text.js';
import type { MatchedTerm } from '../../query/matched-terms.js';
import type { SparseHit, SparseIndex } from '../../retrieve/sparse-index.js';
import { interruption } from '../interruption.js';
import { print, tableOf } from '../output.js';

const SHOWN = 3;
const TERMS_SHOWN = 8;
const WIDTH = 46;

/** Shows what BM25 and what SPLADE finds for a question, and the terms nobody typed that made the difference. */
export async function showBesideBm25(index: SparseIndex, encoder: Encoder, question: string): Promise<void> {
  const [encoded] = await encoder.encode([question], { as: 'query', signal: interruption });
  const fields = index.plan.vectors[index.field]!.from;
  const title = (hit: Hit | SparseHit | undefined) => titleOf(hit, fields);
  const body = { query: lexicalQuery(fields, question), size: SHOWN };
  const [bm25, splade] = await Promise.all([
    index.engine.search(index.name, body, { signal: interruption }),
    index.search(encoded!.vector, { size: SHOWN, signal: interruption }),
  ]);
  print(`\n${pc.bold(question)}`);
  const rows = Array.from({ length: SHOWN }, (_, i) => [i + 1, title(bm25.hits[i]), title(splade.hits[i])]);
  print(tableOf(['', 'BM25', 'SPLADE'], rows));
  const [best] = splade.hits;
  if (best) print(pc.dim(`terms nobody typed, in "${title(best)}": ${expansions(best, question) || 'none'}`));
}

/** The first words of the first text field that has any. */
function titleOf(hit: Hit | SparseHit | undefined, fields: readonly string[]): string {
  const line = (firstText(hit?.source ?? {}, fields) || '—').replace(/\s+/g, ' ');
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

function expansions({ terms }: SparseHit, question: string): string {
  const typed = new Set(question.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const isExpansion = ({ token }: MatchedTerm) => /^[\p{L}\p{N}]{2,}$/u.test(token) && !typed.has(token);
  const shown = terms.filter(isExpansion).slice(0, TERMS_SHOWN);
  return shown.map(({ token, product }) => `${token} ${product.toFixed(2)}`).join(', ');
}
