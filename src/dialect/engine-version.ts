import { Fault } from '../fault/fault.js';

/** The families of engine that speak these dialects; `memory` is the engine inside this process. */
export type Flavour = 'elasticsearch' | 'opensearch' | 'memory';

/** A flavour and a version: all that a dialect is chosen by, besides the field that is already there. */
export interface EngineVersion {
  readonly flavour: Flavour;
  readonly major: number;
  readonly minor: number;
  /** As the engine writes it: `7.17.29`, `3.0.0-beta1`. */
  readonly text: string;
}

/** An engine that is too old, or none of the two families. */
export class UnsupportedEngine extends Fault {
  readonly code = 'ENGINE_UNSUPPORTED';
  override readonly kind = 'environment';
  constructor(
    readonly engine: string,
    found: string,
  ) {
    super({
      asked: `speak to ${engine}`,
      found,
      remedy: 'Use Elasticsearch 7.14 or newer, or OpenSearch 2.4 or newer',
    });
  }
}

/** @throws {UnsupportedEngine} for a text that does not begin with `MAJOR.MINOR`. */
export function engineVersion(flavour: Flavour, text: string): EngineVersion {
  const match = /^(\d+)\.(\d+)/.exec(text);
  if (!match) throw new UnsupportedEngine(flavour, `a version that cannot be read: ${JSON.stringify(text)}`);
  return { flavour, major: Number(match[1]), minor: Number(match[2]), text };
}

/**
 * Checks that an engine is not too old: the official client takes Elasticsearch from 7.14, which names itself in a header;
 * OpenSearch has a point in time, which a consistent view needs, from 2.4.
 * @throws {UnsupportedEngine}
 */
export function mustBeSupported(engine: EngineVersion): void {
  const { flavour, text } = engine;
  if (flavour === 'memory' || isAtLeast(engine, 'elasticsearch', 7, 14) || isAtLeast(engine, 'opensearch', 2, 4))
    return;
  throw new UnsupportedEngine(`${flavour} ${text}`, `${flavour} ${text}, which is too old`);
}

/** Whether an engine is of a flavour and not older than a version. */
export function isAtLeast(engine: EngineVersion, flavour: Flavour, major: number, minor = 0): boolean {
  if (engine.flavour !== flavour) return false;
  return engine.major > major || (engine.major === major && engine.minor >= minor);
}
