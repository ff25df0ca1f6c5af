import fc from 'fast-check';
import { SeenIds } from '../../../src/ingest/sources/seen-ids.js';

it('seen ids remember the first line of each id, as a map would', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 300 }), (ids) => {
      const seen = new SeenIds();
      const map = new Map<string, number>();
      ids.forEach((id, i) => {
        expect(seen.firstLineOf(id, i + 1)).toBe(map.get(id));
        if (!map.has(id)) map.set(id, i + 1);
      });
    }),
  );
});

it('seen ids keep all of many', () => {
  const seen = new SeenIds();
  for (let i = 1; i <= 20_000; i++) expect(seen.firstLineOf(`d${i}`, i)).toBeUndefined();
  for (let i = 1; i <= 20_000; i++) expect(seen.firstLineOf(`d${i}`, 1)).toBe(i);
});
