import { latest } from './api.js';
import { afterPause, at, element, heaviestOf, showMarked, showTerms } from './dom.js';

const FIRST = 'how does a fox hunt at night';
const LISTED = 40;
const NOTHING_COMPARED = 'The terms both texts share, and their products.';

/** Encode: terms while typing, what each was called by, and what two texts share. */
export function startEncodeView({ models }) {
  at('encode-model').replaceChildren(...models.map((name) => element('option', { text: name, value: name })));
  at('encode-text').value = FIRST;
  let encoded = [];

  const mark = (word) => showMarked(at('encode-marked'), at('encode-text').value, [word]);
  const showText = latest('encode', ({ terms, tokens, truncated, milliseconds }) => {
    encoded = terms;
    const typed = terms.filter((term) => term.typed);
    const expansions = terms.filter((term) => !term.typed);
    const show = (name, those) => showHeaviest(name, those, mark, heaviestOf(terms));
    show('encode-typed', typed);
    show('encode-expansions', expansions);
    at('encode-facts').textContent =
      `${terms.length} terms, ${typed.length} of them typed · ${tokens} tokens${truncated ? ', the end cut off' : ''} · ${milliseconds.toFixed(1)} ms`;
    mark(undefined);
    compare();
  });
  const asked = () => ({ as: at('encode-as').value, model: at('encode-model').value });
  const encode = () => showText({ ...asked(), text: at('encode-text').value, words: true });

  const compareWith = latest('encode', ({ terms }) => showShared(encoded, terms));
  const compare = () => {
    const text = at('compare-text').value;
    if (text.trim() !== '') return compareWith({ ...asked(), as: 'document', text });
    compareWith();
    at('compare-facts').textContent = NOTHING_COMPARED;
    showHeaviest('compare-terms', []);
  };

  at('encode-text').addEventListener('input', afterPause(encode));
  at('compare-text').addEventListener('input', afterPause(compare));
  for (const choice of ['encode-as', 'encode-model']) at(choice).addEventListener('change', encode);
  return encode();
}

function showShared(left, right) {
  const weights = new Map(right.map(({ token, weight }) => [token, weight]));
  const shared = left
    .filter(({ token }) => weights.has(token))
    .map(({ token, weight, typed }) => ({
      token,
      typed,
      weight: weight * weights.get(token),
      factors: `${weight.toFixed(2)} × ${weights.get(token).toFixed(2)}`,
    }))
    .sort((a, b) => b.weight - a.weight);
  const score = shared.reduce((sum, { weight }) => sum + weight, 0);
  at('compare-facts').textContent =
    `score ${score.toFixed(4)}, from ${shared.length} shared terms of ${left.length} and ${right.length}`;
  showHeaviest('compare-terms', shared);
}

/** The heaviest terms in the list of that name; its heading says how many are left out. */
function showHeaviest(name, terms, ...rest) {
  showTerms(at(name), terms.slice(0, LISTED), ...rest);
  const left = terms.length - LISTED;
  at(`${name}-more`).textContent = left > 0 ? `the ${LISTED} heaviest; ${left} lighter ones are not shown` : '';
}
