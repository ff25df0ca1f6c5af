import { at, element, svg } from './dom.js';

const WIDTH = 640;
const HEIGHT = 300;
const LEFT = 56;
const BOTTOM = 48;

/** Quality against latency of each candidate of `termweave tune --json`; clicking a point says how to get it. */
export function showFront(place, json) {
  place.replaceChildren();
  const tuning = tuningOf(json);
  if (!tuning) {
    at('prune-pick').textContent = 'This file is not what `termweave tune --json` prints.';
    return;
  }
  const { candidates, measure, pick } = tuning;
  const times = rangeOf(candidates.map(({ cost }) => cost.p50));
  const values = rangeOf(candidates.map(({ development }) => development));
  // Latencies lie apart by factors.
  const logarithm = (ms) => Math.log(Math.max(ms, 0.001));
  const along = scale(times.map(logarithm), LEFT + 12, WIDTH - 20);
  const x = (ms) => along(logarithm(ms));
  const y = scale(values, HEIGHT - BOTTOM - 12, 30);
  const points = candidates.map((one) =>
    pointOf(one, { x: x(one.cost.p50), y: y(one.development), picked: one.name === pick?.name, measure }),
  );
  const front = candidates.filter(({ onFront }) => onFront).sort((a, b) => a.cost.p50 - b.cost.p50);
  const line = svg('polyline', { points: front.map((one) => `${x(one.cost.p50)},${y(one.development)}`).join(' ') });
  const axes = [
    svg('path', { class: 'axis', d: `M${LEFT} 20V${HEIGHT - BOTTOM}H${WIDTH - 10}`, fill: 'none' }),
    ...ends(times).map((ms) => label(x(ms), HEIGHT - BOTTOM + 18, ms.toFixed(1), 'middle')),
    ...ends(values).map((value) => label(LEFT - 6, y(value) + 4, value.toFixed(3), 'end')),
    label((LEFT + WIDTH) / 2, HEIGHT - 10, 'p50, ms, logarithmic →', 'middle'),
    label(4, 12, `${measure} ↑`, 'start'),
  ];
  place.replaceChildren(
    svg(
      'svg',
      { class: 'plot', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'group', 'aria-label': `${measure} against p50` },
      [...axes, line, ...points],
    ),
    element('p', { class: 'quiet', text: 'Joined: none of the others is both better and quicker. Large: the pick.' }),
  );
  if (pick) choose(pick, measure);
}

/** How good a candidate is, what it costs, and how to ask as it does. */
function choose({ name, development, unseen, cost }, measure) {
  const checked = unseen === undefined ? [] : [`unseen ${unseen.toFixed(4)}`];
  const facts = [`${measure} ${development.toFixed(4)}`, ...checked, `p50 ${cost.p50.toFixed(1)} ms`];
  at('prune-pick').replaceChildren(
    element('b', { text: name }),
    `: ${facts.join(', ')}, ${cost.clauses.toFixed(0)} clauses. For --config of gateway and translate: `,
    element('code', { text: JSON.stringify({ search: { system: name } }) }),
  );
}

function pointOf(one, { x, y, picked, measure }) {
  const classes = [one.onFront && 'front', picked && 'picked'].filter(Boolean).join(' ');
  const open = () => choose(one, measure);
  return svg(
    'circle',
    {
      cx: x,
      cy: y,
      r: picked ? 7 : 5,
      class: classes,
      tabindex: 0,
      role: 'button',
      'aria-label': one.name,
      onClick: open,
      onFocus: open,
    },
    [svg('title', { text: one.name })],
  );
}

const label = (x, y, text, anchor) => svg('text', { x, y, text, 'text-anchor': anchor });

function rangeOf(values) {
  return [Math.min(...values), Math.max(...values)];
}

/** The numbers at an axis: one where both are the same. */
function ends([lowest, highest]) {
  return lowest === highest ? [lowest] : [lowest, highest];
}

function scale([lowest, highest], from, to) {
  const range = highest - lowest || 1;
  return (value) => from + ((value - lowest) / range) * (to - from);
}

function tuningOf(json) {
  try {
    const { measure, candidates, pick } = JSON.parse(json);
    const isWhole = ({ name, development, cost }) =>
      typeof name === 'string' && [development, cost.p50, cost.clauses].every(Number.isFinite);
    return candidates.length > 0 && candidates.every(isWhole) ? { measure, candidates, pick } : undefined;
  } catch {
    return undefined;
  }
}
