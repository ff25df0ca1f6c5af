import { element, showMarked, showTerms } from './dom.js';

/** A hit's score, term by term, and the words of query and document that are behind its terms. */
export function showExplained(place, { text, id, texts, score, terms }) {
  const title = element('h2', { text: `${id}: ${terms.length} shared terms add up to ${score}` });
  const query = element('p');
  const content = element('p');
  const list = element('ol', { class: 'terms' });
  const mark = (from, answeredBy) => {
    showMarked(query, text, from);
    showMarked(content, texts.join(' — '), answeredBy);
  };
  const all = () =>
    mark(
      terms.flatMap(({ from }) => from),
      terms.flatMap(({ answeredBy }) => answeredBy),
    );
  all();
  const byToken = new Map(terms.map((term) => [term.token, term]));
  showTerms(
    list,
    terms.map(({ token, product, query: asked, stored, from, answeredBy }) => ({
      token,
      weight: product,
      typed: from[0]?.toLowerCase() === token,
      word: token,
      title: `${asked.toFixed(3)} × ${stored.toFixed(3)}: ${from.join(', ') || '—'} → ${answeredBy.join(', ') || '—'}`,
    })),
    (token) => {
      const term = byToken.get(token);
      if (term) mark(term.from, term.answeredBy);
      else all();
    },
  );
  place.replaceChildren(element('div', { class: 'answer' }, [title, query, content, list]));
}
