import { isMissingPackage } from '../fault/is-missing-package.js';
import { PeerMissing } from './framework-faults.js';

/**
 * Loads a module that stands on a framework, when it is asked for: so a sub-path can be imported, or required, without its peer.
 * @throws {PeerMissing}
 */
export async function loadPeer<M>(subPath: string, peer: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (thrown) {
    throw isMissingPackage(thrown, peer) ? new PeerMissing(subPath, peer, thrown) : thrown;
  }
}
