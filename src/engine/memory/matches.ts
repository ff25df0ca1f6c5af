/**
 * Which documents match a query, and with what score: dense over all documents, so that adding a clause is one pass over its
 * postings. Scores are summed in double precision and rounded to float32 where a query ends, as Lucene's disjunctions do.
 */
export class Matches {
  readonly scores: Float64Array;
  readonly matched: Uint8Array;

  constructor(documents: number) {
    this.scores = new Float64Array(documents);
    this.matched = new Uint8Array(documents);
  }

  add(doc: number, score: number): void {
    this.scores[doc]! += score;
    this.matched[doc] = 1;
  }

  /** Adds the matches of a query that is a clause of this one: its score has been rounded already. */
  addAll(clause: Matches): void {
    for (let doc = 0; doc < clause.matched.length; doc++) if (clause.matched[doc]) this.add(doc, clause.scores[doc]!);
  }

  keepWhere(isKept: (doc: number) => boolean): void {
    for (let doc = 0; doc < this.matched.length; doc++) if (this.matched[doc] && !isKept(doc)) this.matched[doc] = 0;
  }

  keepOnly(filter: Matches): void {
    for (let doc = 0; doc < this.matched.length; doc++) this.matched[doc]! &= filter.matched[doc]!;
  }

  remove(filter: Matches): void {
    for (let doc = 0; doc < this.matched.length; doc++) if (filter.matched[doc]) this.matched[doc] = 0;
  }

  /** Rounds the sums to float32. */
  finish(): this {
    for (let doc = 0; doc < this.scores.length; doc++) this.scores[doc] = Math.fround(this.scores[doc]!);
    return this;
  }
}
