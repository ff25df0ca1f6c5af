import type { Engine } from '../../src/engine/engine.js';

/** The engine with some of its verbs changed. */
export function changed<E extends Engine>(engine: E, changes: Partial<Engine>): E {
  return new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(Object.hasOwn(changes, name) ? changes : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
