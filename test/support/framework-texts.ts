/** What the frameworks' suites write and ask: `the` is shared by all, so that a sparse search can find every one of them. */
export const FRAMEWORK_TEXTS = [
  {
    id: '1',
    text: 'the fox hunts at dusk',
    metadata: { source: 'field notes, part 1', year: 2019, tags: ['mammal', 'night'] },
  },
  { id: '2', text: 'the fox sleeps', metadata: { source: 'field notes, part 2', year: 2021, tags: ['mammal'] } },
  { id: '3', text: 'the bread rises', metadata: { source: 'kitchen', year: 2021, loc: { lines: { from: 3, to: 7 } } } },
] as const;
