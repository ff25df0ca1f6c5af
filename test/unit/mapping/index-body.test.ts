import { engineVersion } from '../../../src/dialect/engine-version.js';
import { esSparseVector } from '../../../src/dialect/es-sparse-vector.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { readVectorPlan } from '../../../src/mapping/vector-plan.js';
import { planOf } from '../../support/vector-index.js';

const plan = planOf('f00d', 'rank-features');

describe('an index body', () => {
  it('has the text fields, the vector field, and the plan', () => {
    expect(mappingFor({ dialect: rankFeatures, plan, analyzer: 'english' })).toEqual({
      settings: {},
      mappings: {
        _meta: { termweave: plan },
        properties: { text: { type: 'text', analyzer: 'english' }, splade: { type: 'rank_features' } },
      },
    });
  });

  it('switches off the pruning that 8.19 and 9.1 do by default, and is plain before', () => {
    const fieldOn = (version: string) =>
      mappingFor({ dialect: esSparseVector(engineVersion('elasticsearch', version)), plan }).mappings.properties.splade;
    for (const version of ['8.19.0', '9.1.0', '9.5.3']) {
      expect(fieldOn(version)).toEqual({ type: 'sparse_vector', index_options: { prune: false } });
    }
    for (const version of ['8.15.0', '8.18.2', '9.0.4']) expect(fieldOn(version)).toEqual({ type: 'sparse_vector' });
  });

  it('takes over an index: its fields, its analysis, its _meta; not what made it that one index', () => {
    const like = {
      settings: {
        index: { uuid: 'x', creation_date: '1', version: {}, number_of_shards: '3', analysis: { filter: {} } },
      },
      mappings: {
        _meta: { owner: 'shop' },
        dynamic: 'strict',
        properties: { text: { type: 'text', analyzer: 'own' } },
      },
    };
    expect(mappingFor({ dialect: rankFeatures, plan, like, vectorsInSource: 'exclude' })).toEqual({
      settings: { index: { number_of_shards: '3', analysis: { filter: {} } } },
      mappings: {
        _meta: { owner: 'shop', termweave: plan },
        _source: { excludes: ['splade'] },
        dynamic: 'strict',
        properties: { text: { type: 'text', analyzer: 'own' }, splade: { type: 'rank_features' } },
      },
    });
  });
});

describe('settings beside an index that is there', () => {
  const like = {
    settings: { index: { number_of_shards: '3', knn: 'true', analysis: { analyzer: { own: { type: 'simple' } } } } },
    mappings: {},
  };
  const settingsWith = (settings: object) =>
    mappingFor({ dialect: rankFeatures, plan, like, settings: { ...settings } }).settings;
  const { index } = like.settings;
  const { number_of_shards: _, ...others } = index;

  it.each([{ number_of_shards: 1 }, { 'index.number_of_shards': 1 }, { index: { number_of_shards: 1 } }])(
    'take the place of those that it says, and of no other: %j',
    (settings) => {
      expect(settingsWith(settings)).toEqual({ index: others, 'index.number_of_shards': 1 });
    },
  );

  it('stand beside analyzers, and beside a setting that has a value and others below it', () => {
    const settings = { index: { knn: { algo_param: { ef_search: 5 } } }, 'analysis.analyzer.new.type': 'stop' };
    expect(settingsWith(settings)).toEqual({
      index,
      'index.knn.algo_param.ef_search': 5,
      'index.analysis.analyzer.new.type': 'stop',
    });
  });
});

describe('an index body like one whose _source excludes vectors', () => {
  const keptLike = (_source: object) =>
    mappingFor({ dialect: rankFeatures, plan, like: { settings: {}, mappings: { _source: { ..._source } } } }).mappings;

  it('includes them where only some fields are included', () => {
    expect(keptLike({ includes: ['text', 'ti*'] })._source).toEqual({ includes: ['text', 'ti*', 'splade'] });
    expect(keptLike({ includes: [] })._source).toEqual({ includes: [] });
  });

  it.each(['spl*', '*', '*lade*', 'splade*', 'spl*.*'])('is refused where they are to be kept beside %s', (pattern) => {
    expect(() => keptLike({ excludes: ['secret', pattern] })).toThrow(
      expect.objectContaining({ code: 'VECTORS_EXCLUDED', pattern }),
    );
  });

  it.each(['*_secret', 'text.*', 'splad', '[a'])('leaves out %s, which is another field', (pattern) => {
    expect(keptLike({ excludes: [pattern, 'splade.*'] })._source).toEqual({ excludes: [pattern] });
  });

  it('keeps them where they are to be kept, and excludes what else was excluded', () => {
    const [field] = Object.keys(plan.vectors);
    const like = { settings: {}, mappings: { _source: { excludes: ['secret', field] } } };
    const { mappings } = mappingFor({ dialect: rankFeatures, plan, like, vectorsInSource: 'keep' });
    expect(mappings._source).toEqual({ excludes: ['secret'] });
  });
});

describe('a vector plan', () => {
  const { mappings } = mappingFor({ dialect: rankFeatures, plan });

  it('is read back from the mapping', () => expect(readVectorPlan('books', mappings)).toEqual(plan));

  it('is missed where there is none or an unreadable one', () => {
    expect(() => readVectorPlan('books', {})).toThrow(expect.objectContaining({ code: 'INDEX_WITHOUT_PLAN' }));
    const broken = { _meta: { termweave: { ...plan, model: { id: 7 } } } };
    expect(() => readVectorPlan('books', broken)).toThrow(
      expect.objectContaining({ code: 'INDEX_WITHOUT_PLAN', found: expect.stringContaining('model') }),
    );
  });
});
