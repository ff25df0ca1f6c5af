import { element } from './dom.js';

/** What each system is called. */
export const NAMES = { bm25: 'BM25', splade: 'SPLADE', hybrid: 'Hybrid (rrf)' };

/** Rankings side by side; each hit says where the ranking before had it. */
export function showRankings(place, { columns, documents, size }, on) {
  place.replaceChildren(
    ...columns.map(({ system, hits }, i) => {
      const before = columns[i - 1];
      const rows = hits.slice(0, size).map((hit, rank) => {
        const moved = before && movement(before, hit.id, rank);
        return element('li', {}, [hitButton({ ...hit, rank, system, moved, texts: documents[hit.id] ?? [] }, on)]);
      });
      const list =
        rows.length > 0
          ? element('ol', { 'aria-label': NAMES[system] }, rows)
          : element('p', { class: 'quiet', text: 'nothing found' });
      return element('div', {}, [element('h2', { text: NAMES[system] }), list]);
    }),
  );
}

function hitButton({ id, score, rank, system, moved, texts }, { onOpen, onKey }) {
  const [title = id, ...more] = texts;
  return element(
    'button',
    {
      type: 'button',
      class: 'hit',
      'data-id': id,
      'data-system': system,
      onClick: ({ currentTarget }) => onOpen(id, currentTarget),
      onKeydown: ({ key }) => onKey(id, key),
    },
    [
      element('span', { class: 'place' }, [
        element('b', {}, [`${rank + 1}  `, element('bdi', { text: title })]),
        moved ?? '',
        element('span', { class: 'grade' }),
      ]),
      element('span', { class: 'more' }, [`${score.toFixed(3)} · `, element('bdi', { text: more.join(' ') || id })]),
    ],
  );
}

/** Where a document was in the ranking before, as far down as that is known. */
function movement({ system, hits }, id, rank) {
  const was = hits.findIndex((hit) => hit.id === id);
  if (was === rank) return undefined;
  if (was === -1)
    return element('span', {
      class: 'moved up',
      title: `not among the ${hits.length} of ${NAMES[system]}`,
      text: 'new',
    });
  const [direction, arrow] = was > rank ? ['up', '↑'] : ['down', '↓'];
  const title = `${was + 1} in ${NAMES[system]}`;
  return element('span', { class: `moved ${direction}`, title, text: `${arrow} ${was + 1}` });
}
