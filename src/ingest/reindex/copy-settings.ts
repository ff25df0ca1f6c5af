import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { LOADING_SETTINGS, readCopyNote } from './prepare-copy.js';

/** Sees to it that a copy which is being loaded is neither refreshed nor replicated. */
export async function putLoadingSettings(engine: Engine, copy: string, options: RequestOptions): Promise<void> {
  await putSettings(engine, copy, LOADING_SETTINGS, options);
}

/** Gives a copy the settings that it is to have when it is loaded. */
export async function restoreSettings(engine: Engine, copy: string, options: RequestOptions): Promise<void> {
  const note = readCopyNote(await engine.describeIndex(copy, options));
  if (note) await putSettings(engine, copy, note.settings, options);
}

async function putSettings(engine: Engine, index: string, settings: JsonObject, { signal }: RequestOptions) {
  const path = `/${encodeURIComponent(index)}/_settings`;
  await engine.request({ method: 'PUT', path, body: { index: settings }, signal, repeatable: true });
}
