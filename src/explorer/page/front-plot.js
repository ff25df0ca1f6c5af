import { at, svg } from './dom.js';

const WIDTH = 640;
const HEIGHT = 300;
const EDGE = 48;

/** Quality against latency of each candidate of `termweave tune --json`; clicking a point says how to get it. */
export function showFront(place, json) {
  const tuning = tuningOf(json);
  if (!tuning) {
    at('prune-pick').textContent = 'This file is not what `termweave tune --json` prints.';
    return;
  }
  const { candidates, measure, pick } = tuning;
  const x = scale(
    candidates.map(({ cost }) => cost.p50),
    EDGE,
    WIDTH - 20,
  );
  const y = scale(
    candidates.map(({ development }) => development),
    HEIGHT - EDGE,
    20,
  );
  const choose = ({ name, development, unseen, cost }) => {
    at('prune-pick').textContent =
      `${name}: ${measure} ${development.toFixed(4)}, unseen ${unseen.toFixed(4)}, p50 ${cost.p50.toFixed(1)} ms, ${cost.clauses.toFixed(0)} clauses`;
  };
  const points = candidates.map((one) =>
    pointOf(one, { x: x(one.cost.p50), y: y(one.development), picked: one.name === pick?.name, choose }),
  );
  const front = candidates.filter(({ onFront }) => onFront).sort((a, b) => a.cost.p50 - b.cost.p50);
  const line = svg('polyline', { points: front.map((one) => `${x(one.cost.p50)},${y(one.development)}`).join(' ') });
  place.replaceChildren(
    svg(
      'svg',
      { class: 'plot', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'group', 'aria-label': `${measure} against p50` },
      [
        svg('path', { class: 'axis', d: `M${EDGE} 10V${HEIGHT - EDGE + 10}H${WIDTH - 10}`, fill: 'none' }),
        svg('text', { x: WIDTH / 2, y: HEIGHT - 12, text: 'p50, ms →' }),
        svg('text', { x: 4, y: 12, text: `${measure} ↑` }),
        line,
        ...points,
      ],
    ),
  );
  if (pick) choose(pick);
}

function pointOf(one, { x, y, picked, choose }) {
  const classes = [one.onFront && 'front', picked && 'picked'].filter(Boolean).join(' ');
  const open = () => choose(one);
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

function scale(values, from, to) {
  const lowest = Math.min(...values);
  const range = Math.max(...values) - lowest || 1;
  return (value) => from + ((value - lowest) / range) * (to - from);
}

function tuningOf(json) {
  try {
    const tuning = JSON.parse(json);
    return Array.isArray(tuning.candidates) ? tuning : undefined;
  } catch {
    return undefined;
  }
}
