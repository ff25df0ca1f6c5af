import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where models and compiled graphs are kept unless the caller says otherwise. */
export function defaultHome(): string {
  return join(homedir(), '.cache', 'termweave');
}

/**
 * The files of a model repository that are worth fetching: weights as safetensors, and every JSON that says what the model is
 * (configuration, tokenizer, pooling, the query side).
 */
export function isModelFile(path: string): boolean {
  const parts = path.split('/');
  if (parts.includes('onnx') || parts.includes('openvino')) return false;
  return path.endsWith('.json') || path.endsWith('.safetensors');
}
