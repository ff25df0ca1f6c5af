import { ask, latest } from './api.js';
import { at, element } from './dom.js';
import { showExplained } from './explained-hit.js';
import { Judgements } from './judgements.js';
import { drawMovements } from './movements.js';

const NAMES = { bm25: 'BM25', splade: 'SPLADE', hybrid: 'Hybrid (rrf)' };

/** Search: three rankings side by side, why a hit stands where it does, judgements by key. */
export function startSearchView({ index }) {
  const judgements = new Judgements();
  let body;

  const explain = async (text, id, texts) => {
    const explanation = await ask('explain', { text, id });
    showExplained(at('search-explained'), { text, id, texts, ...explanation });
    for (const hit of document.querySelectorAll('.hit')) hit.classList.toggle('shown', hit.dataset.id === id);
  };

  const judge = (text, id, key) => {
    judgements.set(text, id, Number(key));
    showGrades(text);
  };
  const showGrades = (text) => {
    for (const hit of document.querySelectorAll('.hit')) {
      const grade = judgements.of(text, hit.dataset.id);
      if (grade === undefined) delete hit.dataset.grade;
      else hit.dataset.grade = grade;
    }
    at('search-judged').textContent = judgements.count === 0 ? '' : `${judgements.count} judged`;
  };

  const search = latest('search', (answer, { text }) => {
    body = answer.body;
    const columns = answer.columns.map((column) =>
      columnOf(column, answer, {
        onOpen: (id) => explain(text, id, answer.documents[id] ?? []),
        onJudge: (id, key) => judge(text, id, key),
      }),
    );
    at('search-rankings').replaceChildren(...columns);
    drawMovements(at('search-rankings'));
    at('search-explained').replaceChildren();
    at('search-facts').textContent = factsOf(answer);
    showGrades(text);
  });

  at('search-text').addEventListener('keydown', ({ key }) => {
    if (key === 'Enter' && at('search-text').value.trim() !== '') search({ text: at('search-text').value });
  });
  at('search-copy').addEventListener('click', async () => {
    const text = `POST /${index.name}/_search\n${JSON.stringify(body ?? {}, null, 2)}\n`;
    await navigator.clipboard.writeText(text);
    at('search-facts').textContent = 'copied';
  });
  at('search-qrels').addEventListener('click', () => judgements.save());
  window.addEventListener('resize', () => drawMovements(at('search-rankings')));
}

function factsOf({ columns, dropped }) {
  const times = columns.map(({ system, milliseconds }) => `${NAMES[system]} ${milliseconds.toFixed(1)} ms`).join(' · ');
  return dropped.length === 0 ? times : `${times} · ${dropped.length} terms past the engine’s limit left out`;
}

function columnOf({ system, hits }, { documents, size }, { onOpen, onJudge }) {
  const rows = hits.slice(0, size).map(({ id, score }, rank) => {
    const [title = id, ...more] = documents[id] ?? [];
    const button = element(
      'button',
      {
        class: 'hit',
        'data-id': id,
        'data-system': system,
        onClick: () => onOpen(id),
        onKeydown: ({ key }) => /^[0-3]$/.test(key) && onJudge(id, key),
      },
      [
        element('b', { text: `${rank + 1}  ${title}` }),
        element('span', { text: `${score.toFixed(3)} · ${more.join(' ') || id}` }),
      ],
    );
    return element('li', {}, [button]);
  });
  return element('div', {}, [
    element('h2', { text: NAMES[system] }),
    element('ol', { 'aria-label': NAMES[system] }, rows),
  ]);
}
