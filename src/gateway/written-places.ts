import type { PlanForWrites } from './plan-cache.js';

/** What an item of a write was made ready by. */
export interface WrittenPlace {
  readonly plan: PlanForWrites;
  readonly routing?: string;
}

/** The places of a write's items, in their order. A run of items of one place is one entry, so that a bulk of any length is remembered in little. */
export class WrittenPlaces {
  readonly #runs: { readonly place: WrittenPlace | undefined; items: number }[] = [];
  #at = 0;

  /** @param place `undefined` for an item that writes no document. */
  add(place: WrittenPlace | undefined): void {
    const last = this.#runs.at(-1);
    if (last && last.place?.plan === place?.plan && last.place?.routing === place?.routing) last.items++;
    else this.#runs.push({ place, items: 1 });
  }

  /** The place of the next item that is answered. */
  take(): WrittenPlace | undefined {
    const run = this.#runs[this.#at];
    if (run && --run.items === 0) this.#at++;
    return run?.place;
  }
}
