import { element, showMarked, showTerms } from './dom.js';

/** A hit's score, term by term, and the words of query and document that are behind its terms. */
export function showExplained(place, { text, id, texts, score, terms }, onClose) {
  const query = element('p', { dir: 'auto' });
  const content = element('p', { dir: 'auto', class: 'content', tabindex: 0 });
  const list = element('ol', { class: 'terms explained' });
  const mark = (from, answeredBy) => {
    showMarked(query, text, from);
    showMarked(content, texts.join(' — '), answeredBy);
    scrollToMark(content);
  };
  const all = () =>
    mark(
      terms.flatMap(({ from }) => from),
      terms.flatMap(({ answeredBy }) => answeredBy),
    );
  const byToken = new Map(terms.map((term) => [term.token, term]));
  showTerms(list, terms.map(rowOf), (token) => {
    const term = byToken.get(token);
    if (term) mark(term.from, term.answeredBy);
    else all();
  });
  const heading = element('div', { class: 'row' }, [
    element('h2', { text: headingOf(id, score, terms) }),
    element('button', { type: 'button', text: 'Close', onClick: onClose }),
  ]);
  place.replaceChildren(
    element('div', { class: 'answer' }, [heading, labelled('Query', query), labelled('Document', content), list]),
  );
  all();
}

/** The first marked word of a long text may be far down. */
function scrollToMark(content) {
  const [first] = content.querySelectorAll('mark');
  if (first) content.scrollTop = Math.max(0, first.offsetTop - content.offsetTop - first.offsetHeight);
}

function headingOf(id, score, terms) {
  if (terms.length > 0) return `${id}: ${terms.length} shared terms add up to ${asFloat32(score)}`;
  return score > 0
    ? `${id}: score ${asFloat32(score)}; its terms cannot be told, since _source excludes the vectors`
    : `${id}: it shares no term with the query`;
}

/** As many digits as tell one float32 from all others. */
const asFloat32 = (score) => Number(score.toPrecision(9));

function labelled(name, content) {
  return element('div', { class: 'labelled' }, [element('span', { class: 'quiet', text: name }), content]);
}

function rowOf({ token, product, query, stored, from, answeredBy }) {
  const words = `${from.join(', ') || '—'} → ${answeredBy.join(', ') || '—'}`;
  const typed = from[0]?.toLowerCase() === token;
  return {
    ...{ token, typed, words, weight: product, word: token },
    factors: `${query.toFixed(2)} × ${stored.toFixed(2)}`,
  };
}
