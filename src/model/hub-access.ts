import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * How the Hugging Face hub is reached. The environment variables of the same meaning (HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE,
 * HF_HUB_CACHE) are for doors to read.
 */
export interface HubAccess {
  /** Default `https://huggingface.co`. */
  readonly endpoint?: string;
  readonly token?: string;
  /** Use what is on this machine only. */
  readonly offline?: boolean;
  /** The hub's usual cache folder, shared with its other clients. Default `~/.cache/huggingface/hub`. */
  readonly cache?: string;
}

export const HUB = 'https://huggingface.co';

/** The folder of a repository in the hub's cache: `models--owner--name`. */
export function hubRepositoryFolder(hubId: string, { cache }: HubAccess): string {
  return join(cache ?? join(homedir(), '.cache', 'huggingface', 'hub'), `models--${hubId.replaceAll('/', '--')}`);
}
