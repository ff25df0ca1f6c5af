import type { Encoder } from '../../encoder/encoder.js';
import { weakSpots } from '../../query/weak-spots.js';
import type { Topic } from '../files/beir-collection.js';
import type { EncodedTopic } from './system.js';

/** Topics with their vectors, encoded as queries, and their weak spots. */
export async function encodeTopics(
  encoder: Encoder,
  topics: readonly Topic[],
  signal?: AbortSignal,
): Promise<EncodedTopic[]> {
  const encoded = await encoder.encode(
    topics.map(({ text }) => text),
    { as: 'query', signal },
  );
  return topics.map((topic, i) => ({
    ...topic,
    vector: encoded[i]!.vector,
    weakSpots: weakSpots(topic.text, encoder.vocabulary),
  }));
}
