import type { WeakSpot } from '../../query/weak-spots.js';
import type { SystemsReport } from '../evaluate-systems.js';
import { mean } from '../percentile.js';
import type { EncodedTopic } from '../systems/system.js';

/** The means of a group of queries, by system and measure. */
export interface QueryGroup {
  readonly queries: number;
  readonly systems: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

type Group = WeakSpot | 'none';

/** The report's means by weak spot, and for queries without any (`none`). A query with two is in both groups. */
export function byWeakSpot({ systems }: SystemsReport, topics: readonly EncodedTopic[]): Map<Group, QueryGroup> {
  const spotsOf = new Map<string, readonly Group[]>(
    topics.map(({ id, weakSpots = [] }) => [id, weakSpots.length > 0 ? weakSpots : ['none']]),
  );
  const groups = new Set([...spotsOf.values()].flat());
  return new Map(
    [...groups].sort().map((group) => [group, meansOf(systems, (id) => spotsOf.get(id)?.includes(group))]),
  );
}

function meansOf(systems: SystemsReport['systems'], isIn: (query: string) => boolean | undefined): QueryGroup {
  let queries = 0;
  const means = [...systems].map(([name, { evaluation }]) => {
    const members = [...evaluation.queries.keys()].filter((i) => isIn(evaluation.queries[i]!));
    queries = members.length;
    const values = [...evaluation.values].map(
      ([measure, all]) => [measure, mean(members.map((i) => all[i]!))] as const,
    );
    return [name, new Map(values)] as const;
  });
  return { queries, systems: new Map(means) };
}
