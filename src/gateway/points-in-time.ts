/** Whether a request opens a point in time, and of which index: `POST /INDEX/_pit`, or OpenSearch's `POST /INDEX/_search/point_in_time`. */
export function pointInTimeOpened(method: string, url: string): string | undefined {
  const match = /^\/([^/_?][^/?]*)\/(?:_pit|_search\/point_in_time)(?:\?|$)/.exec(url);
  if (method !== 'POST' || !match) return undefined;
  try {
    return decodeURIComponent(match[1]!);
  } catch {
    return undefined;
  }
}

const MOST_REMEMBERED = 10_000;
/** Where an id is looked for: one of forty shards has 5,000 characters. */
const LOOKED_AT = 1 << 16;
/** Both engines write the id before everything else. */
const ID = /^\s*\{\s*"(?:pit_id|id)"\s*:\s*"([^"\\]+)"/;

/**
 * Of which indices points in time are. A search by one names no index, and its id is the engine's secret: a gateway knows those that were opened
 * through it, and one it does not know passes untranslated. The longest unused are forgotten first.
 */
export class PointsInTime {
  readonly #indices = new Map<string, string>();

  indexOf(id: string): string | undefined {
    const index = this.#indices.get(id);
    if (index !== undefined) this.#remember(id, index);
    return index;
  }

  /**
   * Reads the id of an answer that opens one, or that searched by one: engines may give a new id each time.
   * @returns what is given the answer's pieces as they pass: the first may end within the id.
   */
  learning(index: string): (piece: Buffer | string) => void {
    let [beginning, isOver] = ['', false];
    return (piece) => {
      if (isOver) return;
      beginning += piece.toString();
      const id = ID.exec(beginning)?.[1];
      if (id !== undefined) this.#remember(id, index);
      isOver = id !== undefined || beginning.length > LOOKED_AT;
    };
  }

  #remember(id: string, index: string): void {
    this.#indices.delete(id);
    this.#indices.set(id, index);
    if (this.#indices.size > MOST_REMEMBERED) this.#indices.delete(this.#indices.keys().next().value!);
  }
}
