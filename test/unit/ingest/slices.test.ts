import { sliceOf } from '../../../src/cli/option-values.js';
import { prepareNotes } from '../../../src/ingest/reindex/notes.js';
import { noteSlice, readSlices } from '../../../src/ingest/reindex/slices.js';
import { MemoryCluster } from '../../support/memory-cluster.js';

test('as many slices as engines take are read in full, in their order, however many notes others have left', async () => {
  await using engine = new MemoryCluster();
  await prepareNotes(engine, {});
  const rest = { copy: 'copy', source: 'shop', run: 1, state: 'done' as const, documents: 1, failed: 0, at: 0 };
  for (let part = 600; part > 0; part--) await noteSlice(engine, { ...rest, part, of: 600 }, {});
  for (let part = 1024; part > 1; part--) await noteSlice(engine, { ...rest, part, of: 1024 }, {});
  const slices = await readSlices(engine, 'copy', 1024, {});
  expect(slices.map(({ part }) => part)).toEqual(Array.from({ length: 1023 }, (_, i) => i + 2));
  expect(slices.every(({ of }) => of === 1024)).toBe(true);
});

test('a slice of more than engines take is refused before anything is done', () => {
  expect(sliceOf('1024/1024')).toEqual({ part: 1023, of: 1024 });
  expect(() => sliceOf('1/1025')).toThrow('1024');
});
