import { svg } from './dom.js';

/** Draws where each document goes from a ranking to the next: a line for each that is in both. */
export function drawMovements(place) {
  place.querySelector(':scope > svg')?.remove();
  const columns = [...place.querySelectorAll('ol')].map((list) => [...list.querySelectorAll('.hit')]);
  if (columns.length < 2) return;
  const frame = place.getBoundingClientRect();
  const paths = columns.slice(1).flatMap((right, i) => linesBetween(columns[i], right, frame));
  place.append(svg('svg', { 'aria-hidden': 'true' }, paths));
}

function linesBetween(left, right, frame) {
  const rankOnTheRight = new Map(right.map((hit, rank) => [hit.dataset.id, rank]));
  return left.flatMap((hit, rank) => {
    const to = rankOnTheRight.get(hit.dataset.id);
    return to === undefined ? [] : [lineFrom(hit, right[to], frame, Math.sign(rank - to))];
  });
}

function lineFrom(from, to, frame, direction) {
  const a = from.getBoundingClientRect();
  const b = to.getBoundingClientRect();
  const [x1, x2] = [a.right - frame.left, b.left - frame.left];
  const [y1, y2] = [a, b].map(({ top, height }) => top + height / 2 - frame.top);
  const middle = (x1 + x2) / 2;
  const way = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  return svg('path', { d: way, class: { 1: 'up', '-1': 'down' }[direction] });
}
