import { mentionsField } from '../../mapping/document-text.js';
import { FieldsUnknown, InputUnreadable } from '../ingest-faults.js';
import type { Row } from './rows.js';

const ID_FIELDS = ['_id', 'id'];
const TEXT_FIELDS = ['title', 'text'];

/** The first documents of a file: what its fields are called is known by them, and whether those that are named are there. */
export class FirstDocuments {
  /** The names of their fields. */
  readonly fields: readonly string[];

  constructor(
    readonly file: string,
    readonly rows: readonly Row[],
  ) {
    this.fields = [...new Set(rows.flatMap((row) => (row.ok ? Object.keys(row.fields) : [])))];
  }

  /** The field that holds the id where none is named: `_id` or `id`. @throws {FieldsUnknown} where neither is. */
  usualIdField(): string {
    const found = ID_FIELDS.find((name) => this.fields.includes(name));
    // Without a single readable document there is nothing to complain of: the dead letters say what was wrong with each.
    if (found === undefined && this.fields.length > 0) throw new FieldsUnknown('id', ID_FIELDS, this.fields);
    return found ?? ID_FIELDS[0]!;
  }

  /** The text fields where none are named: `title` and `text`, those that are there. @throws {InputUnreadable} {FieldsUnknown} where neither is. */
  usualTextFields(): string[] {
    const found = TEXT_FIELDS.filter((name) => this.fields.includes(name));
    if (found.length > 0) return found;
    const [first] = this.rows;
    const remedy = 'See to what makes it; and name the fields with the text (--text FIELD,FIELD)';
    if (!first) throw new InputUnreadable(this.file, 'not a single document: it is empty', remedy);
    if (!first.ok && this.fields.length === 0) {
      throw new InputUnreadable(this.file, `no document that can be read; line ${first.line}: ${first.reason}`, remedy);
    }
    throw new FieldsUnknown('text', TEXT_FIELDS, this.fields);
  }

  /** @throws {FieldsUnknown} where documents can be read and none of them has any of the fields: not one would get a vector. */
  mustHaveText(fields: readonly string[]): void {
    const documents = this.rows.filter((row) => row.ok);
    if (documents.length === 0) return;
    if (documents.some((row) => fields.some((field) => mentionsField(row.fields, field)))) return;
    throw new FieldsUnknown('text', fields, this.fields);
  }
}
