import { latest } from './api.js';
import { afterPause, at, showFacts } from './dom.js';
import { showFront } from './front-plot.js';

const UNPRUNED = 64;
const percent = (share) => `${Math.round(100 * share)} %`;

/** Prune: what is left, what it costs, what it changes. */
export function startPruneView() {
  const show = latest('prune', ({ query: { full, pruned, overlap }, documents }) => {
    showFacts(at('prune-query-facts'), [
      ['clauses', `${pruned.clauses} of ${full.clauses}`],
      ['measured once', `${pruned.milliseconds.toFixed(1)} ms, unpruned ${full.milliseconds.toFixed(1)} ms`],
      ['overlap of the top 10', percent(overlap)],
    ]);
    showFacts(at('prune-documents-facts'), [
      ['non-zeros a document', `${documents.nonZerosAfter.toFixed(1)} of ${documents.nonZerosBefore.toFixed(1)}`],
      ['overlap of the top 10', `${percent(documents.overlap)}, among ${documents.sampled} sampled documents`],
    ]);
  });
  const prune = () => {
    const kept = Number(at('prune-query').value);
    const share = Number(at('prune-documents').value) / 100;
    at('prune-query-out').textContent = kept === UNPRUNED ? 'all' : kept;
    at('prune-documents-out').textContent = percent(share);
    const text = at('prune-text').value;
    if (text.trim() === '') return;
    show({
      text,
      query: kept === UNPRUNED ? 'none' : `topK(${kept})`,
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
