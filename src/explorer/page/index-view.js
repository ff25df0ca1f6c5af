import { answerTo, ask } from './api.js';
import { at, element, number, onClick, showFacts } from './dom.js';

const POLL_MS = 3000;

/** Index: what it is, what its vectors hold, whether its scores are right, how far a reindex is. */
export function startIndexView({ index, model }) {
  showFacts(at('index-facts'), [
    ['index', index.name],
    ['engine', `${index.engine} at ${index.url}`],
    ['documents', index.documents === undefined ? 'not known' : number(index.documents)],
    ['vectors', `${index.field}, of ${index.from.join(', ')}, as ${index.dialect}`],
    ['pruning', index.pruning],
    ['model', `${model.id}, ${model.pooling}, texts cut at ${model.maxTokens} tokens`],
  ]);
  onClick(at('index-verify'), async () => {
    at('index-verdict').textContent = 'Asking, and scoring every document here …';
    at('index-disagreements').replaceChildren();
    showReport(await orNothing(ask('verify', {}), at('index-verdict')));
  });
  onClick(at('index-count'), async () => {
    at('index-statistics').textContent = 'Reading every vector …';
    showStatistics(await orNothing(ask('statistics', {}), at('index-statistics')));
  });
  watchProgress();
}

/** Takes back what stands in a place where the answer does not come. */
async function orNothing(answer, place) {
  try {
    return await answer;
  } catch (thrown) {
    place.textContent = '';
    throw thrown;
  }
}

function showReport({ scores, queries, documents, disagreements, maxUlp, orderDependent, examples }) {
  const verdict = at('index-verdict');
  if (scores === 0) {
    verdict.textContent = 'Nothing was compared: no query found anything.';
    return;
  }
  const sums = `${number(scores)} scores of ${number(queries)} queries over ${number(documents)} documents`;
  const facts = `${sums}, largest difference ${maxUlp} units in the last place, ${number(orderDependent)} whose last bit depends on the order of additions`;
  verdict.replaceChildren(
    disagreements === 0
      ? element('b', { class: 'right', text: 'Yes' })
      : element('b', { class: 'wrong', text: `No, ${number(disagreements)} disagree` }),
    `: ${facts}.`,
  );
  if (disagreements > 0)
    at('index-disagreements').replaceChildren(
      tableOf(
        ['what', 'query', 'document', 'engine', 'expected'],
        examples.map(({ kind, query, id, actual, expected }) => [kind, query, id, actual ?? '—', expected ?? '—']),
      ),
    );
}

function showStatistics({ vectors, terms, nonZeros, postings, flops, costliest, flags }) {
  const facts = element('dl');
  showFacts(facts, [
    ['vectors', number(vectors)],
    ['terms', number(terms)],
    ['entries a vector', `mean ${nonZeros.mean.toFixed(1)}, p95 ${nonZeros.p95}, most ${nonZeros.most}`],
    [
      'documents a term',
      `mean ${postings.mean.toFixed(1)}, p95 ${number(postings.p95)}, most ${number(postings.most)}`,
    ],
    ['FLOPS', `${flops.toFixed(2)} multiplications to expect of two vectors`],
    ...flags.map((flag) => ['note', flag]),
  ]);
  const rows = costliest
    .slice(0, 10)
    .map(({ token, documents, share }) => [token, number(documents), `${(100 * share).toFixed(2)} %`]);
  at('index-statistics').replaceChildren(
    facts,
    element('h3', { text: 'Terms that cost most and decide least' }),
    tableOf(['term', 'documents', 'share of weight'], rows),
  );
}

function tableOf(heading, rows) {
  return element('table', {}, [rowOf('th', heading), ...rows.map((row) => rowOf('td', row))]);
}

function rowOf(cell, texts) {
  return element(
    'tr',
    {},
    texts.map((text) => element(cell, { text })),
  );
}

/** Asks at once, and again while somebody looks. */
async function watchProgress() {
  const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));
  const isOutOfSight = () => at('view-index').hidden || document.hidden;
  for (;;) {
    await showProgress().catch(sayInPlace);
    do await pause();
    while (isOutOfSight());
  }
}

function sayInPlace({ message }) {
  at('index-progress').replaceChildren(element('p', { class: 'quiet', text: message }));
}

async function showProgress() {
  const { run } = await answerTo('progress');
  at('index-progress').replaceChildren(
    ...(run ? progressOf(run) : [element('p', { class: 'quiet', text: 'No reindex into this index.' })]),
  );
}

function progressOf({ source, state, documents, failed, expected, slices, missing }) {
  const of = expected === null ? '' : ` of ${number(expected)}`;
  const text = `from ${source}: ${state}, ${number(documents)}${of} documents, ${number(failed)} failed`;
  const bar =
    expected > 0
      ? [element('progress', { max: expected, value: Math.min(documents, expected), 'aria-label': 'documents copied' })]
      : [];
  const parts = slices.map((one) => [`${one.part} of ${one.of}`, one.state, number(one.documents), number(one.failed)]);
  const begun = [...parts, ...missing.map((part) => [part.replace('/', ' of '), 'not begun', '', ''])];
  const table = begun.length > 1 ? [tableOf(['slice', 'state', 'documents', 'failed'], begun)] : [];
  return [element('p', { text }), ...bar, ...table];
}
