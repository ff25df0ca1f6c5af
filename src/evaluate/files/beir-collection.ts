import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseExactJson } from '../../dialect/exact-number.js';
import { idText } from '../../dialect/id-text.js';
import type { Qrels } from '../measures/judgements.js';
import { EvaluationFileBroken, linesOf } from './lines-of.js';
import { readQrels } from './qrels-file.js';

/** A document of a collection. */
export interface CollectionDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** The words of a query. */
export interface Topic {
  readonly id: string;
  readonly text: string;
}

const row = z.object({ _id: z.preprocess(idText, z.string()), title: z.string().default(''), text: z.string() });

const USUAL_SPLIT = 'test';
/** Judgements without a split, as TREC has them. */
const UNSPLIT = ['qrels.txt', 'qrels.tsv'];

/**
 * A collection in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, `qrels/SPLIT.tsv`, each also with `.gz`. Where `queries.jsonl` is
 * missing, `topics.tsv` or `queries.tsv` (`id<TAB>text`, as TREC has them), and where `qrels/` is, `qrels.txt` of four columns.
 */
export class BeirCollection {
  constructor(readonly folder: string) {}

  /** The documents, in the file's order, one by one. @throws {EvaluationFileBroken} */
  async *documents(): AsyncGenerator<CollectionDocument> {
    for await (const { _id, title, text } of rowsOf(this.#file('corpus.jsonl'))) yield { id: _id, title, text };
  }

  /** The topics with judgements in `qrels`, in the file's order. @throws {EvaluationFileBroken} */
  async topics(qrels: Pick<Qrels, 'has'>): Promise<Topic[]> {
    const topics: Topic[] = [];
    for await (const topic of this.#allTopics()) if (qrels.has(topic.id)) topics.push(topic);
    return topics;
  }

  /**
   * The judgements of a split; `test`, which published figures are of, may also be the only ones that there are: `qrels.txt`, `qrels.tsv`.
   * @throws {EvaluationFileBroken}
   */
  qrels(split = USUAL_SPLIT): Promise<Qrels> {
    return readQrels(this.#file(`qrels/${split}.tsv`, ...(split === USUAL_SPLIT ? UNSPLIT : [])));
  }

  /** Whether there are judgements, of whatever split. */
  isJudged(): boolean {
    return ['qrels', ...UNSPLIT.flatMap((name) => [name, `${name}.gz`])].some((name) =>
      existsSync(join(this.folder, name)),
    );
  }

  /** Whether there are judgements of that split. */
  hasSplit(split: string): boolean {
    return ['', '.gz'].some((end) => existsSync(join(this.folder, `qrels/${split}.tsv${end}`)));
  }

  async *#allTopics(): AsyncGenerator<Topic> {
    const file = this.#file('queries.jsonl', 'topics.tsv', 'queries.tsv');
    if (/\.jsonl(\.gz)?$/.test(file)) {
      for await (const { _id, text } of rowsOf(file)) yield { id: _id, text };
    } else {
      for await (const { text } of linesOf(file)) {
        const [id, words = ''] = text.split('\t');
        yield { id: id!, text: words };
      }
    }
  }

  #file(...names: readonly string[]): string {
    const paths = names.flatMap((name) => [name, `${name}.gz`]).map((name) => join(this.folder, name));
    const found = paths.find((path) => existsSync(path));
    if (found !== undefined) return found;
    const remedy =
      'A collection is a folder with corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv, as BEIR publishes them';
    throw new EvaluationFileBroken(this.folder, `no ${names.join(', ')} in it${this.#splits()}`, remedy);
  }

  /** For who has mistyped one. */
  #splits(): string {
    const folder = join(this.folder, 'qrels');
    const files = existsSync(folder) ? readdirSync(folder) : [];
    const splits = files.flatMap((file) => /^(.+)\.tsv(\.gz)?$/.exec(file)?.[1] ?? []);
    return splits.length > 0 ? `; its splits: ${splits.sort().join(', ')}` : '';
  }
}

async function* rowsOf(file: string): AsyncGenerator<z.infer<typeof row>> {
  for await (const { text, number } of linesOf(file)) {
    const read = row.safeParse(parseJson(text));
    if (!read.success) {
      const found = `line ${number} is no document: ${z.prettifyError(read.error).replaceAll('\n', ' ')}`;
      throw new EvaluationFileBroken(file, found, 'Every line is a JSON object with _id and text');
    }
    yield read.data;
  }
}

function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
