import type { Screen } from '../graph/decoder/screen.js';
import type { GraphPieces } from '../onnx/graph-builder.js';
import type { ScreenParts } from './make-screen.js';

/** What is needed for a screen: its parts, but in place of the states a graph that gives them, and without what is measured. */
export interface ScreenRequest extends Omit<ScreenParts, 'states' | 'timeOfBytes'> {
  /** From `token_ids` and `token_mask`, int32 [texts, length], to `states`, float32 [texts, length, hidden]. */
  readonly graph: GraphPieces;
  /** The most that a text may have. */
  readonly positions: number;
}

/** Runs the graph and makes the screen. @returns undefined where none pays. @throws the signal's reason when it is aborted. */
export type MakeScreen = (request: ScreenRequest, signal?: AbortSignal) => Promise<Screen | undefined>;
