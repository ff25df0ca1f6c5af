import { isAtLeast } from '../dialect/engine-version.js';
import type { Engine, IndexDescription } from './engine.js';

/**
 * How an engine joins two result lists by itself: OpenSearch's `hybrid` query where the plug-in neural-search with rank fusion is there (2.19), Elasticsearch's
 * `rrf` and `linear` retrievers where its edition has them (8.18); `undefined` elsewhere.
 * @param index where it is known: a default search pipeline of its own would give way to the one that joins, with what it filters.
 */
export async function fusionOf(
  engine: Engine,
  index?: IndexDescription,
  signal?: AbortSignal,
): Promise<'query' | 'retriever' | undefined> {
  const { version } = engine;
  if (version.flavour === 'memory') return undefined;
  const path = '/_nodes/plugins';
  const query = { filter_path: 'nodes.*.plugins.name,nodes.*.modules.name' };
  const { nodes = {} } = (await engine.request({ method: 'GET', path, query, signal })) as NodesAnswer;
  const everywhere = (name: string) => {
    const all = Object.values(nodes);
    return (
      all.length > 0 &&
      all.every((node) => [...(node.plugins ?? []), ...(node.modules ?? [])].some((one) => one.name === name))
    );
  };
  if (isAtLeast(version, 'opensearch', 2, 19) && everywhere('opensearch-neural-search'))
    return hasPipeline(index) ? undefined : 'query';
  if (isAtLeast(version, 'elasticsearch', 8, 18) && everywhere('rank-rrf')) return 'retriever';
  return undefined;
}

function hasPipeline(index: IndexDescription | undefined): boolean {
  const settings = index?.settings.index as { search?: { default_pipeline?: string } } | undefined;
  const { default_pipeline: pipeline = '_none' } = settings?.search ?? {};
  return pipeline !== '_none';
}

interface NodesAnswer {
  readonly nodes?: Readonly<Record<string, NodeAnswer>>;
}

interface NodeAnswer {
  readonly plugins?: readonly { readonly name: string }[];
  readonly modules?: readonly { readonly name: string }[];
}
