import type { FastifyInstance } from 'fastify';
import type { Vocabulary } from '../../sparse/vocabulary.js';
import { modelQuery, read, tokenizeRequest } from '../request-schemas.js';
import { mustBeFew, type RouteContext, textsOf } from '../route-context.js';
import type { Tokenizing } from '../served-model.js';
import { RequestRefused } from '../service-faults.js';
import { tokenSpans } from '../token-spans.js';

/** A token as text-embeddings-inference gives it; special ones have no place in the text. */
interface SimpleToken {
  readonly id: number;
  readonly text: string;
  readonly special: boolean;
  readonly start: number | null;
  readonly stop: number | null;
}

/** Tokenizing holds the thread that answers requests: this much takes it about 30 ms. */
const MOST_CHARACTERS = 20_000;
const UNKNOWN = '[UNK]';

/** `POST /tokenize`, as text-embeddings-inference 1.9 answers it. */
export function addTokenizeRoute(app: FastifyInstance, { models, limits }: RouteContext): void {
  app.post('/tokenize', async (request) => {
    const model = models.named(read(modelQuery, request.query, 'query string').model);
    mustBeFew(request.body, limits);
    const { inputs, add_special_tokens: withSpecials } = read(tokenizeRequest, request.body, 'body');
    const texts = textsOf(inputs);
    mustBeShort(texts);
    const tokenizer = await model.tokenizer();
    return texts.map((text) => tokensOf(text, tokenizer, model.offered.encoder.vocabulary, withSpecials));
  });
}

function mustBeShort(texts: readonly string[]): void {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters <= MOST_CHARACTERS) return;
  const found = `${characters} characters to tokenize > maximum allowed ${MOST_CHARACTERS}`;
  throw new RequestRefused('Validation', found, 'Send them in several requests');
}

function tokensOf(text: string, tokenizer: Tokenizing, { tokens: names }: Vocabulary, withSpecials: boolean) {
  const { before, after } = tokenizer;
  const { ids } = tokenizer.encode(text, Number.MAX_SAFE_INTEGER);
  const bare = ids.slice(before.length, ids.length - after.length);
  const special = (id: number): SimpleToken => ({ id, text: names[id]!, special: true, start: null, stop: null });
  const spans = tokenSpans(
    text,
    bare.map((id) => names[id]!),
    UNKNOWN,
  );
  const found = bare.map((id, i): SimpleToken => {
    const { text = names[id]!, start = null, stop = null } = spans[i] ?? {};
    return { id, text, special: false, start, stop };
  });
  return withSpecials ? [...before.map(special), ...found, ...after.map(special)] : found;
}
