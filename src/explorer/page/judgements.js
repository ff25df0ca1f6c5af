import { element } from './dom.js';

/** Grades of documents by query, for `termweave eval`. They outlive a reload of the page, for as long as its tab is open. */
export class Judgements {
  #grades;
  #key;

  constructor(index) {
    this.#key = `judgements of ${index}`;
    const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? '[]');
    this.#grades = new Map(kept.map(([query, grades]) => [query, new Map(grades)]));
  }

  get count() {
    return [...this.#grades.values()].reduce((sum, grades) => sum + grades.size, 0);
  }

  of(query, id) {
    return this.#grades.get(query)?.get(id);
  }

  /** Grades a document; `undefined` takes its grade away. */
  set(query, id, grade) {
    const grades = this.#grades.get(query) ?? new Map();
    if (grade === undefined) grades.delete(id);
    else grades.set(id, grade);
    if (grades.size === 0) this.#grades.delete(query);
    else this.#grades.set(query, grades);
    const kept = [...this.#grades].map(([text, those]) => [text, [...those]]);
    sessionStorage.setItem(this.#key, JSON.stringify(kept));
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
