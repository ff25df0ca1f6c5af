/** The engines that the contract suites run on. */
const TESTED = [
  { engine: 'opensearch', version: '3.8.0' },
  { engine: 'elasticsearch', version: '7.17.29' },
  { engine: 'elasticsearch', version: '9.5.3' },
];

/**
 * All of them, or those that a comma-separated list names by engine and, if need be, the beginning of a version:
 * `opensearch`, `elasticsearch-7`, `opensearch,elasticsearch-9.5.3`; the empty string names none.
 */
export function testedEngines(list) {
  if (list === undefined) return TESTED;
  const names = list.split(',').filter((name) => name !== '');
  return TESTED.filter(({ engine, version }) => names.some((name) => `${engine}-${version}`.startsWith(name)));
}
