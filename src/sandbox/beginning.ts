import { askedOf } from './as-asked.js';
import { findVersion } from './find-recipe.js';
import { identifyProcess } from './process-identity.js';
import type { LaunchOptions } from './sandbox.js';
import { type StandingNode, writeState } from './standing-state.js';

/** Writes down the processes of a sandbox that is starting: should this program end now, the next one finds them. */
export class Beginning {
  readonly #nodes: StandingNode[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly options: LaunchOptions,
  ) {}

  readonly onSpawn = (pid: number, data: string): Promise<void> => {
    this.#last = this.#last.then(() => this.#add(pid, data));
    return this.#last;
  };

  async #add(pid: number, data: string): Promise<void> {
    const process = await identifyProcess(pid);
    if (!process) return;
    const { home, engine, version } = this.options;
    this.#nodes.push({ url: '', process });
    await writeState(home, this.name, {
      ...{ engine, version: findVersion(engine, version), url: '', data, starting: true },
      ...{ nodes: this.#nodes, throwAway: this.options.data === undefined, asked: askedOf(this.options) },
    });
  }
}
