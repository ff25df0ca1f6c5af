import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectSmallGolden } from '../../support/expect-small-golden.js';

const MODELS = {
  'bert-untied': 'max log1p relu',
  'bert-sum': 'sum log1p relu',
  'bert-float16': 'max log1p relu',
  'bert-bfloat16': 'max log1p relu',
  'distilbert-inference-free': 'max log1p log1p relu',
  roberta: 'max log1p relu',
  'roberta-prompts': 'max log1p relu',
  'xlm-roberta': 'max log1p relu',
  modernbert: 'max log1p relu',
};

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
});
afterAll(() => rm(home, { recursive: true }));

test.each(Object.entries(MODELS))('%s, one by one and padded', async (name, pooling) => {
  await expectSmallGolden(name, { home, pooling });
});

test('weights in shards', () => expectSmallGolden('bert-untied', { home, pooling: 'max log1p relu', shards: 3 }));
