import type { Engine, IndexDescription, RequestOptions } from '../../engine/engine.js';

/** Takes away what aliases an index template has given a new copy: no search is to find it before it is whole. */
export async function takeAliasesAway(
  engine: Engine,
  { name, aliases }: IndexDescription,
  { signal }: RequestOptions,
): Promise<void> {
  if (aliases.length === 0) return;
  const actions = aliases.map((alias) => ({ remove: { index: name, alias } }));
  await engine.request({ method: 'POST', path: '/_aliases', body: { actions }, signal });
}
