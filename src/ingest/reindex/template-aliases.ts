import type { Engine, IndexDescription, RequestOptions } from '../../engine/engine.js';
import { EngineRefused } from '../../engine/engine-faults.js';

/** Takes away what aliases an index template has given a new copy: no search is to find it before it is whole. */
export async function takeAliasesAway(
  engine: Engine,
  { name, aliases }: IndexDescription,
  { signal }: RequestOptions,
): Promise<void> {
  if (aliases.length === 0) return;
  const actions = aliases.map((alias) => ({ remove: { index: name, alias } }));
  try {
    await engine.request({ method: 'POST', path: '/_aliases', body: { actions }, signal, repeatable: true });
  } catch (thrown) {
    // Of several processes that begin at once, another one has done it; or this one, whose answer was lost.
    if (!(thrown instanceof EngineRefused && thrown.type === 'aliases_not_found_exception')) throw thrown;
  }
}
