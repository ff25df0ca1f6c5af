import { traitsOf } from '../dialect/engine-traits.js';
import type { Engine } from '../engine/engine.js';
import { NoConnectors } from './connector-faults.js';

/** Refuses an engine that has no connectors, before anything is asked of it. @throws {NoConnectors} */
export function mustHaveConnectors({ version }: Pick<Engine, 'version'>, index: string): void {
  if (!traitsOf(version).hasConnectors) throw new NoConnectors(index, `${version.flavour} ${version.text}`);
}
