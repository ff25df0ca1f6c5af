import { latest } from './api.js';
import { at, onClick } from './dom.js';
import { showExplained } from './explained-hit.js';
import { Judgements } from './judgements.js';
import { drawMovements } from './movements.js';
import { NAMES, showRankings } from './rankings.js';

const hits = () => document.querySelectorAll('.hit');

/** Search: three rankings side by side, why a hit stands where it does, judgements by key. */
export function startSearchView({ index }) {
  const judgements = new Judgements(index.name);
  let body;
  let texts = {};
  let opened;

  const close = () => {
    explain();
    const isInside = at('search-explained').contains(document.activeElement);
    at('search-explained').replaceChildren();
    for (const hit of hits()) hit.classList.remove('shown');
    if (isInside) opened.focus();
  };
  const explain = latest('explain', (explanation, { text, id }) => {
    showExplained(at('search-explained'), { text, id, texts: texts[id] ?? [], ...explanation }, close);
    for (const hit of hits()) hit.classList.toggle('shown', hit.dataset.id === id);
    opened.scrollIntoView({ block: 'nearest' });
  });

  const showGrades = (text) => {
    for (const hit of hits()) {
      const grade = judgements.of(text, hit.dataset.id);
      if (grade === undefined) delete hit.dataset.grade;
      else hit.dataset.grade = grade;
      hit.querySelector('.grade').textContent = grade ?? '';
    }
    at('search-judged').textContent = judgements.count === 0 ? '' : `${judgements.count} judged`;
    at('search-qrels').disabled = judgements.count === 0;
  };
  const judge = (text, id, key) => {
    if (!/^([0-3]|Delete|Backspace)$/.test(key)) return;
    judgements.set(text, id, key.length === 1 ? Number(key) : undefined);
    showGrades(text);
  };

  const search = latest('search', (answer, { text }) => {
    body = answer.body;
    texts = answer.documents;
    close();
    showRankings(at('search-rankings'), answer, {
      onOpen: (id, hit) => {
        opened = hit;
        explain({ text, id });
      },
      onKey: (id, key) => judge(text, id, key),
    });
    drawMovements(at('search-rankings'));
    at('search-facts').textContent = factsOf(answer);
    at('search-copy').disabled = false;
    showGrades(text);
  });

  at('search-text').addEventListener('keydown', ({ key }) => {
    if (key === 'Enter' && at('search-text').value.trim() !== '') search({ text: at('search-text').value });
  });
  at('view-search').addEventListener('keydown', ({ key }) => key === 'Escape' && close());
  onClick(at('search-copy'), async () => {
    await navigator.clipboard.writeText(`POST /${index.name}/_search\n${JSON.stringify(body, null, 2)}\n`);
    at('search-facts').textContent = 'The body is in the clipboard.';
  });
  onClick(at('search-qrels'), () => judgements.save());
  window.addEventListener('resize', () => drawMovements(at('search-rankings')));
  showGrades();
}

function factsOf({ columns, dropped }) {
  const times = columns.map(({ system, milliseconds }) => `${NAMES[system]} ${milliseconds.toFixed(1)} ms`).join(' · ');
  return dropped.length === 0 ? times : `${times} · ${dropped.length} terms past the engine’s limit left out`;
}
