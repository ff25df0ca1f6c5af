/** The element of that id. */
export const at = (id) => document.getElementById(id);

/**
 * An element. Text is set as text, never as markup: what documents hold is not trusted.
 * @param properties attributes; `text`, and `onX` listeners.
 */
export function element(name, { text, ...properties } = {}, children = []) {
  const made = document.createElement(name);
  return furnished(made, properties, text === undefined ? children : [String(text)]);
}

/** The same for SVG. */
export function svg(name, { text, ...properties } = {}, children = []) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  return furnished(made, properties, text === undefined ? children : [String(text)]);
}

function furnished(made, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2).toLowerCase(), value);
    else made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/** A description list of facts. */
export function showFacts(list, facts) {
  list.replaceChildren(
    ...facts.flatMap(([name, value]) => [element('dt', { text: name }), element('dd', { text: value })]),
  );
}

/** The weight that a full bar stands for. */
export function heaviestOf(terms) {
  return Math.max(...terms.map(({ weight }) => weight), Number.MIN_VALUE);
}

/**
 * Terms as bars, `most` the weight of a full one; each says its word when it is hovered or focused. `factors` and `words` stand beside the bar
 * where a term has them.
 */
export function showTerms(list, terms, onWord = () => {}, most = heaviestOf(terms)) {
  list.replaceChildren(...terms.map((term) => termRow(term, onWord, most)));
}

function termRow({ token, weight, typed, word, factors, words }, onWord, most) {
  const bar = svg('svg', { class: 'bar', 'aria-hidden': 'true', preserveAspectRatio: 'none', viewBox: '0 0 100 6' }, [
    svg('rect', { width: (100 * weight) / most, height: 6 }),
  ]);
  const show = () => onWord(word);
  const hide = () => onWord(undefined);
  const cells = [
    element('bdi', { class: 'token', text: token }),
    words !== undefined && element('bdi', { class: 'words', text: words }),
    bar,
    factors !== undefined && element('span', { class: 'factors', text: factors }),
    element('span', { class: 'number', text: weight.toFixed(2) }),
  ];
  return element(
    'li',
    {
      class: typed ? 'typed' : undefined,
      title: words === undefined && word ? `called by “${word}”` : undefined,
      tabindex: word ? 0 : undefined,
      onMouseenter: show,
      onMouseleave: hide,
      onFocus: show,
      onBlur: hide,
    },
    cells.filter(Boolean),
  );
}

/** Text with words marked. */
export function showMarked(place, text, words) {
  const wanted = new Set(words.filter(Boolean).map((word) => word.toLowerCase()));
  const parts = text.split(/([\p{L}\p{M}\p{N}]+)/u);
  place.replaceChildren(
    ...parts.map((part) => (wanted.has(part.toLowerCase()) ? element('mark', { text: part }) : part)),
  );
}

/** A number as people read it. */
export const number = (value) => new Intl.NumberFormat('en').format(value);

/** Has a button do something at a click, and nothing more until that is done. */
export function onClick(button, run) {
  button.addEventListener('click', async () => {
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    try {
      await run();
    } finally {
      button.ariaDisabled = 'false';
    }
  });
}

/** Calls `run` when nothing has happened for a moment. */
export function afterPause(run, milliseconds = 120) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
}
