import type { Encoder } from '../encoder/encoder.js';

/** The models that an explorer has open: each is opened once, when it is first asked for. */
export class OpenModels implements AsyncDisposable {
  readonly #opened = new Map<string, Promise<Encoder>>();

  /** @param first the encoder that is open already, and stays the caller's. */
  constructor(
    private readonly first: Encoder,
    private readonly load: (name: string) => Promise<Encoder>,
  ) {}

  /** The model of that name; one that failed to open is tried again. */
  open(name: string): Promise<Encoder> {
    if (name === this.first.identity.id) return Promise.resolve(this.first);
    const opening = this.#opened.get(name) ?? this.load(name);
    this.#opened.set(name, opening);
    opening.catch(() => this.#opened.delete(name));
    return opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const encoder of await Promise.allSettled(this.#opened.values())) {
      if (encoder.status === 'fulfilled') await encoder.value[Symbol.asyncDispose]();
    }
  }
}
