import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { LOADING_SETTINGS, readCopyNote } from './prepare-copy.js';

/** While it is held, a copy is neither refreshed nor replicated; disposing gives it the settings that it is to have, whatever happened. */
export async function loadingSettings(engine: Engine, copy: string, options: RequestOptions): Promise<AsyncDisposable> {
  const note = readCopyNote(await engine.describeIndex(copy, options));
  await putSettings(engine, copy, LOADING_SETTINGS, options);
  return {
    [Symbol.asyncDispose]: async () => {
      // Without the signal: an interrupted run restores them, too.
      if (note) await putSettings(engine, copy, note.settings, {});
    },
  };
}

async function putSettings(engine: Engine, index: string, settings: JsonObject, { signal }: RequestOptions) {
  const path = `/${encodeURIComponent(index)}/_settings`;
  await engine.request({ method: 'PUT', path, body: { index: settings }, signal, repeatable: true });
}
