import { ask } from './api.js';
import { at, element, showFacts } from './dom.js';

const POLL_MS = 3000;

/** Index: what it is, what its vectors hold, whether its scores are right, how far a reindex is. */
export function startIndexView({ index, model }) {
  showFacts(at('index-facts'), [
    ['index', index.name],
    ['engine', `${index.engine} at ${index.url}`],
    ['documents', index.documents],
    ['vectors', `${index.field}, of ${index.from.join(', ')}, as ${index.dialect}, pruning ${index.pruning}`],
    ['model', `${model.id}, ${model.pooling}, texts cut at ${model.maxTokens} tokens`],
  ]);
  at('index-verify').addEventListener('click', async () => {
    at('index-verdict').textContent = 'asking, and scoring every document here …';
    at('index-verdict').textContent = verdictOf(await ask('verify', {}));
  });
  at('index-count').addEventListener('click', async () => showStatistics(await ask('statistics', {})));
  watchProgress();
}

function verdictOf({ scores, queries, documents, disagreements, maxUlp }) {
  if (scores === 0) return 'Nothing was compared: no query found anything.';
  const facts = `${scores} scores of ${queries} queries over ${documents} documents, largest difference ${maxUlp} units in the last place`;
  return disagreements === 0
    ? `Yes: ${facts}.`
    : `No: ${disagreements} disagree. ${facts}. termweave verify shows each.`;
}

function showStatistics({ vectors, terms, nonZeros, postings, flops, costliest, flags }) {
  const facts = element('dl');
  showFacts(facts, [
    ['vectors', vectors],
    ['terms', terms],
    ['entries a vector', `mean ${nonZeros.mean.toFixed(1)}, p95 ${nonZeros.p95}, most ${nonZeros.most}`],
    ['documents a term', `mean ${postings.mean.toFixed(1)}, p95 ${postings.p95}, most ${postings.most}`],
    ['FLOPS', flops.toFixed(2)],
    ...flags.map((flag) => ['note', flag]),
  ]);
  const rows = costliest
    .slice(0, 10)
    .map(({ token, documents, share }) => rowOf('td', [token, documents, `${(100 * share).toFixed(2)} %`]));
  const table = element('table', {}, [
    rowOf('th', ['costs most, decides least', 'documents', 'share of weight']),
    ...rows,
  ]);
  at('index-statistics').replaceChildren(facts, table);
}

function rowOf(cell, texts) {
  return element(
    'tr',
    {},
    texts.map((text) => element(cell, { text })),
  );
}

/** Polls while the view is open and a slice is at work. */
async function watchProgress() {
  const { slices } = await ask('progress');
  const lines = slices.map(({ part, of, state, documents, failed }) =>
    element('p', { text: `slice ${part} of ${of}: ${state}, ${documents} documents, ${failed} failed` }),
  );
  at('index-progress').replaceChildren(
    ...(lines.length > 0 ? lines : [element('p', { class: 'quiet', text: 'No reindex into this index.' })]),
  );
  if (slices.some(({ state }) => state === 'running')) setTimeout(watchProgress, POLL_MS);
}
