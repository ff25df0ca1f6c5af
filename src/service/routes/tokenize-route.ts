import type { FastifyInstance } from 'fastify';
import type { TokenizedText } from '../../encoder/tokenized-text.js';
import type { Vocabulary } from '../../sparse/vocabulary.js';
import { modelQuery, read, tokenizeRequest } from '../request-schemas.js';
import { boundsOf, mustBeFew, type RouteContext, textsOf } from '../route-context.js';
import { RequestRefused } from '../service-faults.js';

/** A token as text-embeddings-inference gives it; special ones have no place in the text. */
interface SimpleToken {
  readonly id: number;
  readonly text: string;
  readonly special: boolean;
  readonly start: number | null;
  readonly stop: number | null;
}

/** A word that no vocabulary has costs the tokenizer the square of its length: of the worst of them, so many characters take a second of a thread that encodes. */
const MOST_CHARACTERS = 20_000;

/** `POST /tokenize`, as text-embeddings-inference 1.9 answers it. */
export function addTokenizeRoute(app: FastifyInstance, { models, limits }: RouteContext): void {
  app.post('/tokenize', async (request, reply) => {
    const model = models.named(read(modelQuery, request.query, 'query string').model);
    mustBeFew(request.body, limits);
    const { inputs, add_special_tokens: withSpecials } = read(tokenizeRequest, request.body, 'body');
    const texts = textsOf(inputs);
    mustBeShort(texts);
    const tokenized = await model.tokenize(texts, boundsOf(reply, limits));
    return tokenized.map((text) => tokensOf(text, model.offered.encoder.vocabulary, withSpecials));
  });
}

function mustBeShort(texts: readonly string[]): void {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters <= MOST_CHARACTERS) return;
  const found = `${characters} characters to tokenize > maximum allowed ${MOST_CHARACTERS}`;
  throw new RequestRefused('Validation', found, 'Send them in several requests');
}

function tokensOf({ before, tokens, after }: TokenizedText, { tokens: names }: Vocabulary, withSpecials: boolean) {
  const special = (id: number): SimpleToken => ({ id, text: names[id]!, special: true, start: null, stop: null });
  const own = tokens.map(({ id, span }): SimpleToken => {
    const { text = names[id]!, start = null, stop = null } = span ?? {};
    return { id, text, special: false, start, stop };
  });
  return withSpecials ? [...before.map(special), ...own, ...after.map(special)] : own;
}
