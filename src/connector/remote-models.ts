import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../dialect/dialect.js';
import type { Engine } from '../engine/engine.js';
import { EngineRefused } from '../engine/engine-faults.js';
import { ModelNotDeployed } from './connector-faults.js';
import { ifThere, isNotThere } from './if-there.js';
import { isTokenOf, tokenNote } from './token-note.js';

const ML = '/_plugins/_ml';
const CONFLICT = 409;
const POLL_MS = 250;
const POLLS = 120;

/** Ids of a connector and of the model over it. */
export interface RemoteModel {
  readonly connector: string;
  readonly model: string;
}

/**
 * A connector with this body and a deployed model over it. The ones of the same names are taken: a connector that differs is updated, for
 * which its model is undeployed.
 */
export async function ensureRemoteModel(
  engine: Engine,
  connector: JsonObject,
  modelOver: (connector: string) => JsonObject,
  signal?: AbortSignal,
): Promise<RemoteModel> {
  const name = String(connector.name);
  const [existing] = await findByName(engine, 'connectors', name, signal);
  const model = (await findByName(engine, 'models', name, signal)).find(
    ({ source }) => source.connector_id === existing?.id,
  );
  const body = async () => withTokenNote(connector);
  if (existing && !(isSame(existing.source, connector) && (await hasToken(existing.source, connector)))) {
    await updateConnector(engine, existing.id, { body: await body(), model: model?.id }, signal);
  }
  const id = existing?.id ?? (await post(engine, `${ML}/connectors/_create`, await body(), signal)).connector_id;
  const modelId = model?.id ?? (await post(engine, `${ML}/models/_register`, modelOver(String(id)), signal)).model_id;
  await deploy(engine, String(modelId), signal);
  return { connector: String(id), model: String(modelId) };
}

/**
 * Takes away the models and the connector of a name, where they are. The engine finds models by a search, which for a moment still shows one that has
 * just been deleted, and does not yet show one that has just been made: where it says that a connector has models, they are looked for again.
 * @returns whether there was a connector.
 */
export async function removeRemoteModel(engine: Engine, name: string, signal?: AbortSignal): Promise<boolean> {
  for (let poll = 1; ; poll++) {
    await removeModels(engine, name, signal);
    try {
      const connectors = await findByName(engine, 'connectors', name, signal);
      for (const { id } of connectors)
        await ifThere(engine.request({ method: 'DELETE', path: `${ML}/connectors/${id}`, signal }));
      return connectors.length > 0;
    } catch (thrown) {
      if (!(thrown instanceof EngineRefused && thrown.status === CONFLICT) || poll === POLLS) throw thrown;
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

async function removeModels(engine: Engine, name: string, signal?: AbortSignal): Promise<void> {
  for (const { id } of await findByName(engine, 'models', name, signal)) {
    await ifThere(post(engine, `${ML}/models/${id}/_undeploy`, undefined, signal));
    await ifThere(engine.request({ method: 'DELETE', path: `${ML}/models/${id}`, signal }));
  }
}

/** How long a model is waited for that goes back to work. */
const BACK_TO_WORK_MS = 60_000;

/** The engine updates no connector of a deployed model. Where that fails or is broken off, the model goes back to work with the connector as it is. */
async function updateConnector(
  engine: Engine,
  id: string,
  { body, model }: { readonly body: JsonObject; readonly model?: string },
  signal?: AbortSignal,
): Promise<void> {
  try {
    if (model) await post(engine, `${ML}/models/${model}/_undeploy`, undefined, signal);
    await engine.request({ method: 'PUT', path: `${ML}/connectors/${id}`, body, signal });
  } catch (thrown) {
    if (model) await deploy(engine, model, AbortSignal.timeout(BACK_TO_WORK_MS)).catch(() => undefined);
    throw thrown;
  }
}

/** The token that a connector sends, if it sends one. */
function tokenOf({ actions, credential }: JsonObject): string | undefined {
  const [{ headers }] = actions as [{ headers?: JsonObject }];
  return headers?.authorization === undefined ? undefined : (credential as { token: string }).token;
}

async function withTokenNote(connector: JsonObject): Promise<JsonObject> {
  const token = tokenOf(connector);
  if (token === undefined) return connector;
  return { ...connector, description: `${connector.description} (${await tokenNote(token)})` };
}

async function hasToken({ description }: JsonObject, wanted: JsonObject): Promise<boolean> {
  const token = tokenOf(wanted);
  return token === undefined || isTokenOf(String(description), token);
}

/** What of a connector says where it goes; the engine hides its credential. */
function isSame(existing: JsonObject, wanted: JsonObject): boolean {
  const essence = ({ actions }: JsonObject) => {
    const [{ url, headers, request_body }] = actions as [JsonObject];
    return JSON.stringify([url, headers ?? {}, request_body]);
  };
  return essence(existing) === essence(wanted);
}

async function deploy(engine: Engine, model: string, signal?: AbortSignal): Promise<void> {
  let state = await stateOf(engine, model, signal);
  for (let poll = 0; poll < POLLS && state !== 'DEPLOYED'; poll++) {
    if (state !== 'DEPLOYING') await askToDeploy(engine, model, signal);
    await sleep(POLL_MS, undefined, { signal });
    state = await stateOf(engine, model, signal);
  }
  if (state !== 'DEPLOYED') throw new ModelNotDeployed(model, state);
}

/** The engine writes to a model's document by itself when it has just been registered; where the two collide it is asked again later. */
async function askToDeploy(engine: Engine, model: string, signal?: AbortSignal): Promise<void> {
  try {
    await post(engine, `${ML}/models/${model}/_deploy`, undefined, signal);
  } catch (thrown) {
    if (!(thrown instanceof EngineRefused && thrown.status === CONFLICT)) throw thrown;
  }
}

async function stateOf(engine: Engine, model: string, signal?: AbortSignal): Promise<string> {
  const answer = await engine.request({ method: 'GET', path: `${ML}/models/${model}`, signal });
  return String((answer as JsonObject).model_state);
}

interface Found {
  readonly id: string;
  readonly source: JsonObject;
}

async function findByName(engine: Engine, kind: 'connectors' | 'models', name: string, signal?: AbortSignal) {
  const query = { term: { 'name.keyword': name } };
  try {
    const answer = await post(engine, `${ML}/${kind}/_search`, { query, size: 10 }, signal);
    const { hits } = answer.hits as { hits: readonly { _id: string; _source: JsonObject }[] };
    // The parts of a large model are documents of their own, under the same name.
    return hits.flatMap(({ _id: id, _source: source }): Found[] => ('chunk_number' in source ? [] : [{ id, source }]));
  } catch (thrown) {
    // Before the first connector there is no index of them.
    if (isNotThere(thrown)) return [];
    throw thrown;
  }
}

async function post(engine: Engine, path: string, body?: JsonObject, signal?: AbortSignal): Promise<JsonObject> {
  return (await engine.request({ method: 'POST', path, body, signal })) as JsonObject;
}
