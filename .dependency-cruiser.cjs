/** Rooms, and who may import whom (ARCHITECTURE.md says what each room answers). */
const ROOMS = {
  sparse: [],
  dialect: ['sparse'],
  mapping: ['sparse', 'dialect'],
  query: ['sparse', 'dialect', 'mapping'],
  model: ['sparse'],
  encoder: ['sparse', 'model'],
  engine: ['sparse', 'dialect'],
  sandbox: [],
  ingest: ['sparse', 'dialect', 'mapping', 'query', 'model', 'encoder', 'engine', 'verify'],
  verify: ['sparse', 'dialect', 'mapping', 'query', 'engine'],
  retrieve: ['sparse', 'dialect', 'mapping', 'query', 'engine', 'encoder'],
  evaluate: [
    'sparse',
    'dialect',
    'mapping',
    'query',
    'model',
    'encoder',
    'engine',
    'verify',
    'ingest',
    'retrieve',
    'export',
  ],
  clients: ['sparse', 'dialect', 'mapping', 'query', 'model', 'encoder', 'engine', 'ingest'],
  connector: ['sparse', 'dialect', 'mapping', 'engine'],
  service: ['sparse', 'dialect', 'encoder'],
  frameworks: ['dialect', 'mapping', 'encoder', 'engine', 'ingest', 'retrieve'],
  gateway: ['sparse', 'dialect', 'mapping', 'query', 'encoder', 'clients', 'service'],
  explorer: ['sparse', 'mapping', 'query', 'encoder', 'ingest', 'verify', 'retrieve', 'evaluate'],
  export: ['sparse', 'dialect', 'mapping', 'query', 'model', 'encoder', 'engine', 'ingest'],
};
const DOORS = ['frameworks', 'gateway', 'service', 'explorer', 'cli'];
const PURE = ['sparse', 'dialect', 'mapping', 'query'];

const onlyItsRooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room}-imports`,
  comment: `${room} may import: ${allowed.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, 'fault', ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '^src/(index|cli/.*)\\.ts$' }, to: {} },
    ...onlyItsRooms,
    {
      name: 'query-language-imports-neither-strategies-nor-translation',
      comment: 'in src/query: language, then strategies, then translation',
      severity: 'error',
      from: { path: '^src/query/language/' },
      to: { path: '^src/query/(strategies|translation)/' },
    },
    {
      name: 'query-strategies-import-no-translation',
      severity: 'error',
      from: { path: '^src/query/strategies/' },
      to: { path: '^src/query/translation/' },
    },
    { name: 'fault-imports-nothing', severity: 'error', from: { path: '^src/fault/' }, to: { pathNot: '^src/fault/' } },
    {
      name: 'no-room-imports-a-door',
      severity: 'error',
      // The face re-exports the handlers of doors that can be mounted elsewhere; a framework's sub-path is its door.
      from: { pathNot: `^src/((${DOORS.join('|')}|public)/|index\\.ts$)` },
      to: { path: `^src/(${DOORS.join('|')})/` },
    },
    {
      name: 'pure-rooms-know-no-node',
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-query-sub-path-is-pure',
      severity: 'error',
      from: { path: '^src/public/query\\.ts$' },
      to: { path: '^src/', pathNot: `^src/(${PURE.join('|')})/` },
    },
    {
      name: 'onnxruntime-only-in-encoder',
      severity: 'error',
      from: { pathNot: '^src/encoder/' },
      to: { path: 'node_modules/onnxruntime' },
    },
    {
      name: 'clients-only-in-engine',
      severity: 'error',
      from: { pathNot: '^src/engine/' },
      to: { path: 'node_modules/(@elastic/elasticsearch|@opensearch-project)' },
    },
    {
      name: 'frameworks-only-in-their-room',
      severity: 'error',
      from: { pathNot: '^src/frameworks/' },
      to: { path: 'node_modules/(@langchain|@llamaindex)' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/' },
      // An optional peer stands among both: the tests need it here.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
