/**
 * `termweave/client`: an application's own client, asking by SPLADE. It loads neither the encoder's runtime nor a client.
 * @module
 */
export { ListsStreamed } from '../clients/rewrite-searches.js';
export { PartialText } from '../clients/rewrite-writes.js';
export type { SpladePlan } from '../clients/splade-plan.js';
export { type OfficialClient, withSplade } from '../clients/with-splade.js';
