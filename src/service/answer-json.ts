import { setImmediate as othersAnswered } from 'node:timers/promises';

/** An answer of many vectors is written in parts, so that no other request waits longer than this for the thread. */
const HOLDS_THREAD_MS = 10;

/** A JSON array of what `toJson` writes of each item. */
export async function arrayJson<Item>(items: readonly Item[], toJson: (item: Item) => string): Promise<string> {
  const written: string[] = [];
  let since = performance.now();
  for (const item of items) {
    written.push(toJson(item));
    if (performance.now() - since < HOLDS_THREAD_MS) continue;
    await othersAnswered();
    since = performance.now();
  }
  return `[${written.join()}]`;
}
