import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import { connect } from '../../../src/engine/connect.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { planOf } from '../../support/vector-index.js';

onEveryEngine('an index like another with settings of its own', ({ url }) => {
  it.each([{ index: { number_of_replicas: 0 } }, { number_of_replicas: 0 }, { 'index.number_of_replicas': 0 }])(
    'keeps the shards and analyzers of the other: %j',
    async (settings) => {
      await using engine = await connect(await url());
      const analysis = { analyzer: { own: { type: 'custom', tokenizer: 'standard' } } };
      const [first, second] = [freshName('first'), freshName('second')];
      const dialect = dialectForNewField(engine.version);
      const plan = planOf('f00d', dialect.name);
      const own = { settings: { index: { number_of_shards: 2, number_of_replicas: 1, analysis } }, mappings: {} };
      await engine.createIndex(first, own);
      const like = await engine.describeIndex(first);
      await engine.createIndex(second, { ...mappingFor({ dialect, plan, like, settings }) });
      const { index } = (await engine.describeIndex(second)).settings;
      expect(index).toMatchObject({ number_of_shards: '2', number_of_replicas: '0', analysis });
      await engine.deleteIndex(first);
      await engine.deleteIndex(second);
    },
  );
});
