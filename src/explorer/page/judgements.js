import { element } from './dom.js';

/** Grades of documents by query, for `termweave eval`. */
export class Judgements {
  #grades = new Map();

  get count() {
    return [...this.#grades.values()].reduce((sum, grades) => sum + grades.size, 0);
  }

  of(query, id) {
    return this.#grades.get(query)?.get(id);
  }

  set(query, id, grade) {
    const grades = this.#grades.get(query) ?? new Map();
    grades.set(id, grade);
    this.#grades.set(query, grades);
  }

  /** Two files: `queries.jsonl` gives the words, `qrels.tsv` the grades, both by the query's number. */
  save() {
    const queries = [...this.#grades.keys()];
    const lines = queries.map((text, i) => `${JSON.stringify({ _id: `q${i + 1}`, text })}\n`);
    const rows = queries.flatMap((text, i) =>
      [...this.#grades.get(text)].map(([id, grade]) => `q${i + 1}\t${id}\t${grade}\n`),
    );
    download('queries.jsonl', lines);
    download('qrels.tsv', ['query-id\tcorpus-id\tscore\n', ...rows]);
  }
}

function download(name, parts) {
  const href = URL.createObjectURL(new Blob(parts, { type: 'text/plain' }));
  element('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
