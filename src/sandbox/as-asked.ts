import { resolve } from 'node:path';
import type { LaunchOptions } from './sandbox.js';
import { SandboxDiffers } from './sandbox-faults.js';
import type { StandingState } from './standing-state.js';

/** What a node's heap is where nobody says otherwise. */
export const DEFAULT_HEAP = '1g';

/** What its Java is made for where nobody says otherwise. */
export const DEFAULT_TUNING = 'start-up';

/** What a standing sandbox remembers of the options that it was started with: what cannot be seen on it. */
export function askedOf({ heap, image, settings, tuned }: LaunchOptions): StandingState['asked'] {
  return { heap, image, settings, tuned };
}

/** Refuses a standing sandbox that is not as it is asked for now; what is left open fits any. @throws {SandboxDiffers} */
export function mustBeAsAsked(standing: StandingState, options: LaunchOptions): void {
  const { nodes, data, heap, via, image, tuned, settings = {} } = options;
  const { 'http.port': port, ...others } = settings;
  const wanted = { ...others, nodes, 'http.port': port, via, heap, image, tuned, data: data && resolve(data) };
  const running: Readonly<Record<string, unknown>> = {
    ...standing.asked.settings,
    nodes: standing.nodes.length,
    'http.port': new URL(standing.url).port,
    via: standing.nodes.some((node) => 'container' in node) ? 'container' : 'java',
    heap: standing.asked.heap ?? DEFAULT_HEAP,
    image: standing.asked.image,
    tuned: standing.asked.tuned ?? DEFAULT_TUNING,
    data: standing.data,
  };
  for (const [what, value] of Object.entries(wanted)) {
    if (value !== undefined && String(value) !== String(running[what]))
      throw new SandboxDiffers(standing, what, String(value), String(running[what] ?? 'the default'));
  }
}
