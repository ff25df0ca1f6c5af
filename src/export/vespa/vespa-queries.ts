import { type TokenVector, termsJson } from '../token-vector.js';
import { DOCUMENT, IMPACTS, TENSOR } from './application-package.js';

/** How many documents a query brings back, and how many `wand` has to find exactly. */
const HITS = 100;

/**
 * A query body that ranks every document by the dot product of the mapped tensors. Vespa's tensor literals quote a label with
 * either kind of quote and pass over backslashes, except that an escaped quote upsets labels that end in a backslash; so a label is
 * quoted with the kind that it does not have, and never escaped (checked against vespajlib 8.700.24).
 */
export function tensorQuery({ tokens, weights }: TokenVector): Record<string, unknown> {
  const cells = tokens.map((token, i) => `${quoted(token)}:${weights[i]}`);
  return {
    yql: `select id from ${DOCUMENT} where true`,
    'ranking.profile': TENSOR,
    'input.query(q)': `{${cells.join(',')}}`,
    hits: HITS,
  };
}

/** A query body that finds the best documents of the weighted set by `wand`. YQL takes JSON's escapes within strings. */
export function wandQuery(vector: TokenVector): Record<string, unknown> {
  return {
    yql: `select id from ${DOCUMENT} where ({targetHits:${HITS}}wand(${IMPACTS}, ${termsJson(vector)}))`,
    'ranking.profile': IMPACTS,
    hits: HITS,
  };
}

/** Why a token cannot be a label in a tensor literal, if so. */
export function refusedByLiteral(token: string): string | undefined {
  if (token === '') return 'an empty name';
  if (/\p{Cc}/u.test(token)) return 'a control character in a name, which Vespa has in no string';
  return token.includes('"') && token.includes("'") ? 'a name with both kinds of quotes' : undefined;
}

function quoted(label: string): string {
  return label.includes('"') ? `'${label}'` : `"${label}"`;
}
