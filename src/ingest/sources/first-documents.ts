import { mentionsField } from '../../mapping/document-text.js';
import { FieldsUnknown, InputUnreadable } from '../ingest-faults.js';
import type { Row } from './rows.js';

const ID_FIELDS = ['_id', 'id'];
/** The text fields where none are named. */
export const USUAL_TEXT_FIELDS: readonly string[] = ['title', 'text'];
/** Documents that are looked at to learn the names of the fields: some do not have them all. */
const LOOKED_AT = 50;
/** Documents that are looked at before fields are taken for mistyped: where all of many lack a text, it is not by chance. */
const MOST_LOOKED_AT = 2000;
const LATER = 'where only later documents have them, make the index first, as `termweave mapping` prints it';

/** The first documents of a file: what its fields are called is known by them, and whether those that are named are there. */
export class FirstDocuments {
  readonly #rows: Row[] = [];
  readonly #rest: AsyncGenerator<Row>;

  private constructor(
    readonly file: string,
    rows: AsyncGenerator<Row>,
  ) {
    this.#rest = rows;
  }

  /** Looks at the first of the rows; {@link rows} has them again. */
  static async of(file: string, rows: AsyncGenerator<Row>): Promise<FirstDocuments> {
    const first = new FirstDocuments(file, rows);
    while (first.#rows.length < LOOKED_AT && (await first.#lookOn()));
    return first;
  }

  /** All rows of the file, once. */
  async *rows(): AsyncGenerator<Row> {
    try {
      yield* this.#rows;
      yield* this.#rest;
    } finally {
      await this.#rest.return(undefined);
    }
  }

  /** The names of their fields. */
  get fields(): readonly string[] {
    return [...new Set(this.#rows.flatMap((row) => (row.ok ? Object.keys(row.fields) : [])))];
  }

  /** The field that holds the id where none is named: `_id` or `id`. @throws {FieldsUnknown} where neither is. */
  usualIdField(): string {
    const { fields } = this;
    const found = ID_FIELDS.find((name) => fields.includes(name));
    // Without a single readable document there is nothing to complain of: the dead letters say what was wrong with each.
    if (found === undefined && fields.length > 0) throw new FieldsUnknown('id', ID_FIELDS, fields);
    return found ?? ID_FIELDS[0]!;
  }

  /** The text fields where none are named: `title` and `text`, those that are there. @throws {InputUnreadable} {FieldsUnknown} where neither is. */
  usualTextFields(): string[] {
    const { fields } = this;
    const found = USUAL_TEXT_FIELDS.filter((name) => fields.includes(name));
    if (found.length > 0) return found;
    const [first] = this.#rows;
    const remedy = 'See to what makes it; and name the fields with the text (--text FIELD,FIELD)';
    if (!first) throw new InputUnreadable(this.file, 'not a single document: it is empty', remedy);
    if (!first.ok && fields.length === 0) {
      throw new InputUnreadable(this.file, `no document that can be read; line ${first.line}: ${first.reason}`, remedy);
    }
    throw new FieldsUnknown('text', USUAL_TEXT_FIELDS, fields);
  }

  /** Whether one of the documents looked at has any of the fields, be it null; or none of them can be read. */
  hasText(fields: readonly string[]): boolean {
    return !this.#rows.some((row) => row.ok) || this.#rows.some((row) => mentions(row, fields));
  }

  /** @throws {FieldsUnknown} where documents can be read and none of the first 2000 has any of the fields: they are mistyped, and not one would get a vector. */
  async mustHaveText(fields: readonly string[]): Promise<void> {
    if (this.hasText(fields)) return;
    while (this.#rows.length < MOST_LOOKED_AT) {
      const row = await this.#lookOn();
      if (!row) break;
      if (mentions(row, fields)) return;
    }
    throw new FieldsUnknown('text', fields, this.fields, LATER);
  }

  async #lookOn(): Promise<Row | undefined> {
    const { done, value } = await this.#rest.next();
    if (done) return undefined;
    this.#rows.push(value);
    return value;
  }
}

function mentions(row: Row, fields: readonly string[]): boolean {
  return row.ok && fields.some((field) => mentionsField(row.fields, field));
}
