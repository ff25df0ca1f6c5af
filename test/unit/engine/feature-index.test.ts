import { FeatureIndex } from '../../../src/engine/memory/feature-index.js';

/** A little more than two bytes can number: several segments, and joins that stop where a segment is full. */
const MANY = 70_001;

const weightOf = (doc: number) => 0.5 + (doc % 64) / 64;
const nameOf = (doc: number) => `f${doc % 7}`;

it('finds, counts and returns documents of many segments, written between searches', () => {
  const index = new FeatureIndex();
  for (let doc = 0; doc < MANY; doc++) {
    index.append({ every: weightOf(doc), [nameOf(doc)]: 1 });
    if (doc % 9_973 === 0) index.search([{ name: 'every', boost: 1 }], 1, { live: new Uint8Array(), countAll: false });
  }
  const live = new Uint8Array(MANY).fill(1);
  // The best two of f3 are dead.
  const best = Array.from({ length: MANY }, (_, doc) => doc)
    .filter((doc) => nameOf(doc) === 'f3')
    .sort((a, b) => weightOf(b) - weightOf(a) || a - b);
  for (const doc of best.slice(0, 2)) live[doc] = 0;

  const asked = [
    { name: 'every', boost: 2 },
    { name: 'f3', boost: 4 },
    { name: 'unknown', boost: 1 },
  ];
  const found = index.search(asked, 20, { live, countAll: true });
  expect(found.total).toBe(MANY - 2);
  expect(found.best).toEqual(best.slice(2, 22).map((doc) => ({ doc, score: 2 * weightOf(doc) + 4 })));
  for (const doc of [0, 4_095, 4_096, 65_535, 65_536, MANY - 1]) {
    expect(index.vectorOf(doc)).toEqual({ every: weightOf(doc), [nameOf(doc)]: 1 });
  }
});

it('keeps apart more features than two bytes can number, those of the tail and those that were inverted', () => {
  const index = new FeatureIndex();
  const [documents, each] = [700, 100];
  const featuresOf = (doc: number) => Array.from({ length: each }, (_, i) => `d${doc}-${i}`);
  for (let doc = 0; doc < documents; doc++)
    index.append(Object.fromEntries(featuresOf(doc).map((name, i) => [name, 1 + i / 128])));
  const check = (doc: number) => {
    expect(Object.keys(index.vectorOf(doc))).toEqual(featuresOf(doc));
    expect(Object.values(index.vectorOf(doc))).toEqual(featuresOf(doc).map((_, i) => 1 + i / 128));
  };
  for (const doc of [0, 655, 656, 699]) check(doc);
  const live = new Uint8Array(documents).fill(1);
  const search = () => index.search([{ name: 'd699-99', boost: 1 }], 5, { live, countAll: true });
  expect(search()).toEqual({ best: [{ doc: 699, score: 1 + 99 / 128 }], total: 1 });
  for (const doc of [0, 655, 656, 699]) check(doc);
});

it('keeps weights that were sent more precisely than they are stored, and scores by what is stored', () => {
  const index = new FeatureIndex();
  index.append({ a: 1.2345678, b: 1 });
  const live = Uint8Array.of(1);
  expect(index.vectorOf(0)).toEqual({ a: 1.2345678, b: 1 });
  expect(index.search([{ name: 'a', boost: 1 }], 1, { live, countAll: false }).best).toEqual([
    { doc: 0, score: 1.234375 },
  ]);
  expect(index.vectorOf(0)).toEqual({ a: 1.2345678, b: 1 });
});

it('matches by a feature whose product is zero, as an engine does', () => {
  const index = new FeatureIndex();
  index.append({ a: 1 });
  index.append({ b: 1 });
  const live = Uint8Array.of(1, 1);
  const asked = [{ name: 'a', boost: 0 }];
  expect(index.search(asked, 5, { live, countAll: true })).toEqual({ best: [{ doc: 0, score: 0 }], total: 1 });
});
