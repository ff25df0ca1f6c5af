import { indexIn } from '../clients/headed-searches.js';
import { spladeHandler } from '../clients/splade-handler.js';
import type { SpladePlan } from '../clients/splade-plan.js';
import type { Carried, ClientRequest, Send } from '../clients/wire-request.js';
import type { JsonObject } from '../dialect/dialect.js';
import { type PlannedIndex, planKey } from './plan-cache.js';

/** What all plans of a gateway share. */
export type SharedPlan = Omit<SpladePlan, 'index' | 'plan' | 'dialect'>;

/** The names of indices that a request or its lines name. */
export function namesIn(pathIndex: string | undefined, headers: readonly unknown[] = []): string[] {
  const ofPath = [pathIndex ?? []].flat();
  const named = headers.length > 0 ? headers.flatMap((header) => namedBy(header) ?? ofPath) : ofPath;
  return [...new Set(named.flatMap((name) => name.split(',')))].filter((name) => name !== '');
}

/** What an `_msearch`'s header, or a bulk's action, names; `undefined` where it names none. Engines read numbers as texts, and refuse all else. */
function namedBy(header: unknown): string[] | undefined {
  const { _index, ...others } = (header ?? {}) as JsonObject;
  const named = _index ?? indexIn(others) ?? undefined;
  if (named === undefined) return undefined;
  return [named].flat().flatMap((name) => (['string', 'number'].includes(typeof name) ? String(name) : []));
}

/** Indices of one plan, by the names that a request uses. */
export type PlannedNames = PlannedIndex & { readonly index: readonly string[] };

/** Whether names have the same plans. */
export function areSamePlans(some: readonly PlannedNames[], others: readonly PlannedNames[]): boolean {
  const [key, other] = [some, others].map((all) => JSON.stringify(all.map((one) => [one.index, planKey(one)])));
  return key === other;
}

/** The planned names among `names`, those of one plan together. */
export async function plannedAmong(
  names: readonly string[],
  planOf: (name: string) => Promise<PlannedIndex | undefined>,
): Promise<PlannedNames[]> {
  const groups = new Map<string, PlannedIndex & { readonly index: string[] }>();
  for (const name of names) {
    const planned = await planOf(name);
    if (!planned) continue;
    const key = planKey(planned);
    const group = groups.get(key) ?? { ...planned, index: [] };
    group.index.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Sends a request as every plan has it. @param signal ends the encoding. */
export async function sendPlanned(
  request: ClientRequest,
  planned: readonly PlannedNames[],
  shared: SharedPlan,
  send: Send,
  signal: AbortSignal,
): Promise<unknown> {
  const through = planned.reduceRight<Send>((next, splade) => {
    const handle = spladeHandler({ ...shared, ...splade });
    return async (asked, carried) => {
      const on: Send = (changed, carries) => next(changed, both(carried, carries));
      return handle(asked, on, signal) ?? on(asked);
    };
  }, send);
  return through(request);
}

/** What a request carries by one plan, and by another. */
function both(one: Carried | undefined, other: Carried | undefined): Carried | undefined {
  return one === 'lists' ? one : (other ?? one);
}

/** Every second line from the first on: the headers of an `_msearch`. */
export function headersOf(lines: readonly unknown[]): JsonObject[] {
  return lines.filter((_, i) => i % 2 === 0) as JsonObject[];
}
