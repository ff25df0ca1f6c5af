/** The figures that a benchmark stands for, beside what it prints for people: `report` collects them and compares them with the last run's. */
import { appendFileSync } from 'node:fs';

/** One measured value. */
export interface Figure {
  /** What was measured, the same from run to run: `SciFact, documents/s`. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `documents/s`, `MB`; `x` for a ratio to a peer or to another system of the same run, which alone survives a noisy machine. */
  readonly unit: string;
  readonly better: 'more' | 'less';
}

/** The file, named by `report`, that figures are appended to. */
export const FIGURES_FILE = 'TERMWEAVE_BENCH_FIGURES';

/** Hands a figure to `report`, if that started this benchmark. */
export function figure(name: string, value: number, unit: string, better: Figure['better']): void {
  const file = process.env[FIGURES_FILE];
  const rounded = Number(value.toPrecision(4));
  if (file) appendFileSync(file, `${JSON.stringify({ name, value: rounded, unit, better } satisfies Figure)}\n`);
}
