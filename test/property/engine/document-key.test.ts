import fc from 'fast-check';
import { documentKey, documentOfKey } from '../../../src/engine/document-key.js';

const part = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('1', '2', ':', '0') }));
const name = fc
  .record({ id: part, routing: part })
  .map(({ id, routing }) => (routing === '' ? { id } : { id, routing }));

test('a key gives its document back, so that no two have the same', () => {
  fc.assert(fc.property(name, (document) => expect(documentOfKey(documentKey(document))).toEqual(document)));
});
