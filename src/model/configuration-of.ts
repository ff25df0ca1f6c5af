import { createHash } from 'node:crypto';
import type { Checkpoint } from './checkpoint.js';

/**
 * What a checkpoint's config.json says beside its weights of what the graph computes (heads, epsilon, rotations, windows, padding), as 16 hexadecimal digits. Plans of indices
 * hold them: the same configuration has the same ones in every release, whatever else its file says. A fact that a later release reads
 * has to be left out where it is what earlier ones took for granted.
 */
export function configurationOf({ architecture, vocabularySize, positions, network }: Checkpoint): string {
  const facts = { architecture, vocabularySize, positions, ...factsOf(network) };
  const sorted = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

/** Names of tensors follow from the architecture; of an exported graph, all else is in its file. */
function factsOf(network: Checkpoint['network']): object {
  if (network.kind === 'onnx') return {};
  if (network.kind === 'post-norm') return network.shape;
  const { kind, ...facts } = network;
  return facts;
}
