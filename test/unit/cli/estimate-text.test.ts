import { estimateText } from '../../../src/cli/estimate-text.js';
import { amongMachines } from '../../../src/ingest/reindex/among-machines.js';

const estimate = {
  ...{ dryRun: true as const, source: 'shop', to: 'copy', documents: 10_000, sample: 200 },
  ...{ tokens: 400_000, seconds: 7200, bytes: 20_000_000, nonZerosPerDocument: 130 },
};

test('an estimate says what it would take, and what each of several machines would', () => {
  const lines = estimateText(estimate, amongMachines(estimate, 4, 2)).split('\n');
  expect(lines[0]).toBe('shop into copy');
  for (const said of ['10000, by a sample of 200', '2.0 h on this machine', '20 MB', '130 a document']) {
    expect(lines.filter((line) => line.includes(said))).toHaveLength(1);
  }
  expect(lines.filter((line) => /^each of 4 machines +30 min: 2500 documents, 5.00 MB$/.test(line))).toHaveLength(1);
  expect(lines.filter((line) => /^cost of each +1$/.test(line))).toHaveLength(1);
});
