import { PostingList } from './posting-list.js';

/** Posting lists by term. */
export class Postings {
  readonly #lists = new Map<string, PostingList>();

  /** The documents of a term; `undefined` where no document has it. */
  of(term: string): PostingList | undefined {
    return this.#lists.get(term);
  }

  add(term: string, doc: number, weight: number): void {
    let list = this.#lists.get(term);
    if (!list) {
      list = new PostingList();
      this.#lists.set(term, list);
    }
    list.add(doc, weight);
  }
}
