import { isAtLeast } from '../dialect/engine-version.js';
import type { Engine } from './engine.js';

/**
 * How an engine joins two result lists by itself: OpenSearch's `hybrid` query where the plug-in neural-search with rank fusion is there (2.19), Elasticsearch's
 * `rrf` and `linear` retrievers where its edition has them (8.18); `undefined` elsewhere.
 */
export async function fusionOf(engine: Engine, signal?: AbortSignal): Promise<'query' | 'retriever' | undefined> {
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
  if (isAtLeast(version, 'opensearch', 2, 19) && everywhere('opensearch-neural-search')) return 'query';
  if (isAtLeast(version, 'elasticsearch', 8, 18) && everywhere('rank-rrf')) return 'retriever';
  return undefined;
}

interface NodesAnswer {
  readonly nodes?: Readonly<Record<string, NodeAnswer>>;
}

interface NodeAnswer {
  readonly plugins?: readonly { readonly name: string }[];
  readonly modules?: readonly { readonly name: string }[];
}
