import { escapeHtml } from './escape-html.js';

/** One query's bar. */
export interface Bar {
  readonly label: string;
  /** Between -1 and 1. */
  readonly value: number;
}

const WIDTH = 960;
const HEIGHT = 220;
const WIN = '#2a7d4f';
const LOSS = '#b3402a';

/** An SVG of one bar for each query, wins up and losses down, by falling value. Hovering over a bar names its query. */
export function differencePlot(bars: readonly Bar[]): string {
  const falling = [...bars].sort((a, b) => b.value - a.value);
  const step = WIDTH / Math.max(1, falling.length);
  const drawn = falling.map(({ label, value }, i) => {
    const height = Math.abs(value) * (HEIGHT / 2);
    const top = value > 0 ? HEIGHT / 2 - height : HEIGHT / 2;
    const place = `x="${fixed(i * step)}" y="${fixed(top)}" width="${fixed(Math.max(0.5, step * 0.85))}" height="${fixed(height)}"`;
    const title = `<title>${escapeHtml(label)}: ${value > 0 ? '+' : ''}${value.toFixed(4)}</title>`;
    return `<rect ${place} fill="${value > 0 ? WIN : LOSS}">${title}</rect>`;
  });
  const axis = `<line x1="0" x2="${WIDTH}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}" stroke="currentColor" stroke-width="0.5"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="difference by query">${drawn.join('')}${axis}</svg>`;
}

function fixed(value: number): string {
  return value.toFixed(2);
}
