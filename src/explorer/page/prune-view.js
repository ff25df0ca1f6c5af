import { latest } from './api.js';
import { afterPause, at, number, showFacts } from './dom.js';
import { showFront } from './front-plot.js';

const percent = (share) => `${Math.round(100 * share)} %`;

/** Prune: what is left, what it costs, what it changes. */
export function startPruneView() {
  const kept = at('prune-query');
  const isAll = () => kept.value === kept.max;
  const showKept = () => {
    at('prune-query-out').textContent = isAll() ? 'all' : kept.value;
  };
  /** The slider ends where the query does. */
  const fitSlider = (clauses) => {
    const wasAll = isAll();
    kept.max = Math.max(1, clauses);
    if (wasAll) kept.value = kept.max;
    showKept();
  };

  const show = latest('prune', ({ query: { full, pruned, overlap }, documents }) => {
    fitSlider(full.clauses);
    showFacts(at('prune-query-facts'), [
      ['clauses', `${pruned.clauses} of ${full.clauses}`],
      ['latency, median of three', `${pruned.milliseconds.toFixed(1)} ms, unpruned ${full.milliseconds.toFixed(1)} ms`],
      ['overlap of the top 10', percent(overlap)],
    ]);
    showFacts(at('prune-documents-facts'), documents.sampled === 0 ? [NO_SAMPLE] : factsOf(documents));
  });
  const prune = () => {
    const share = Number(at('prune-documents').value) / 100;
    showKept();
    at('prune-documents-out').textContent = percent(share);
    const text = at('prune-text').value;
    if (text.trim() === '') return show();
    return show({
      text,
      query: isAll() ? 'none' : `topK(${kept.value})`,
      documents: share === 0 ? 'none' : `ratioOfMax(${share})`,
    });
  };
  for (const input of ['prune-text', 'prune-query', 'prune-documents'])
    at(input).addEventListener('input', afterPause(prune));
  at('prune-front').addEventListener('change', async ({ target }) => {
    const [file] = target.files;
    if (file) showFront(at('prune-plot'), await file.text());
  });
  prune();
}

const NO_SAMPLE = ['sample', 'no document whose vector can be read'];

function factsOf({ nonZerosAfter, nonZerosBefore, overlap, sampled }) {
  return [
    ['non-zeros a document', `${nonZerosAfter.toFixed(1)} of ${nonZerosBefore.toFixed(1)}`],
    ['overlap of the top 10', `${percent(overlap)}, among ${number(sampled)} sampled vectors`],
  ];
}
