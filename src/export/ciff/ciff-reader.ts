import { dirname } from 'node:path';
import { BrokenFile } from '../export-faults.js';
import { SpilledRows } from '../spilled-rows.js';
import type { TokenVector } from '../token-vector.js';
import { docRecord, header } from './ciff-messages.js';
import { CiffStream } from './ciff-stream.js';

/**
 * The documents of a CIFF file, in order of their numbers, terms in the order of the file. Postings are turned round on disk, beside
 * the file; memory holds the terms, whatever the length of a postings list.
 * @throws {BrokenFile} for a file that ends early, or whose numbers contradict each other.
 */
export async function* readCiff(
  file: string,
  workFolder = dirname(file),
  signal?: AbortSignal,
): AsyncGenerator<TokenVector> {
  await using rows = new SpilledRows(workFolder);
  await using stream = new CiffStream(file, signal);
  const terms: string[] = [];
  const { numPostingsLists, numDocs } = await stream.message(header, 'its header');
  for (let number = 0; number < numPostingsLists; number++) {
    terms.push('');
    let docid = 0;
    for await (const { term, postings } of stream.postingsList(`postings list ${number + 1} of ${numPostingsLists}`)) {
      if (term !== undefined) terms[number] = term;
      await rows.reserve(postings.length);
      for (const { docid: gap, tf } of postings) {
        docid += gap;
        if (!(docid >= 0 && docid < numDocs && tf > 0)) {
          throw new BrokenFile(
            file,
            `document ${docid} with frequency ${tf} under term ${JSON.stringify(terms[number])}`,
          );
        }
        rows.add(docid, number, tf);
      }
    }
  }
  for (let number = 0; number < numDocs; number++) {
    const document = await stream.message(docRecord, `document ${number + 1} of ${numDocs}`);
    const { columns, values } = await rows.row(document.docid);
    yield {
      id: document.collectionDocid,
      tokens: Array.from(columns, (column) => terms[column]!),
      weights: Array.from(values),
    };
  }
}
