import { SingleBar } from 'cli-progress';
import type { IngestReport } from '../ingest/ingest-report.js';
import { say } from './output.js';

const LINE_EVERY_MS = 5000;
const BAR_STEPS = 1000;

/** A run's progress on stderr: a bar on a terminal, a line every few seconds elsewhere. */
export class IngestProgress implements Disposable {
  readonly #bar: SingleBar | undefined;
  #lastLine = performance.now();

  constructor() {
    if (!process.stderr.isTTY) return;
    this.#bar = new SingleBar({ format: '{bar} {percentage}% {status}', stream: process.stderr, hideCursor: true });
    this.#bar.start(BAR_STEPS, 0, { status: 'reading' });
  }

  /** @param share how much of the source has been read, between 0 and 1, where that is known. */
  show(report: IngestReport, share: number | undefined): void {
    if (this.#bar) this.#bar.update(Math.round((share ?? 0) * BAR_STEPS), { status: statusOf(report, share) });
    else this.#showLine(report, share);
  }

  /** Says what there is to know beside the numbers; a bar has it in their place until there are new ones. */
  say(text: string): void {
    if (this.#bar) this.#bar.update({ status: text });
    else say(text);
  }

  #showLine(report: IngestReport, share: number | undefined): void {
    if (performance.now() - this.#lastLine < LINE_EVERY_MS) return;
    this.#lastLine = performance.now();
    say(statusOf(report, share));
  }

  [Symbol.dispose](): void {
    this.#bar?.stop();
  }
}

function statusOf({ indexed, failed, seconds, tokens, retries }: IngestReport, share: number | undefined): string {
  const parts = [
    `${indexed} documents`,
    `${Math.round(indexed / seconds)}/s`,
    `${Math.round(tokens / seconds)} tokens/s`,
    ...(share !== undefined && share > 0 && share < 1 ? [`${duration((seconds / share) * (1 - share))} left`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(retries > 0 ? [`${retries} sent again`] : []),
  ];
  return parts.join(', ');
}

/** A time as a person reads it, rounded up. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
