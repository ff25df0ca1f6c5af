import type { JsonObject } from '../dialect/dialect.js';
import { Fault, type FaultKind } from '../fault/fault.js';

/** The cluster's settings do not let it call the service. */
export class ClusterSettingsMissing extends Fault {
  readonly code = 'CLUSTER_SETTINGS_MISSING';
  override readonly kind: FaultKind = 'environment';
  constructor(readonly settings: JsonObject) {
    super({
      asked: 'let the cluster call the encode service',
      found: `settings that it needs and has not: ${JSON.stringify(settings)}`,
      remedy: 'Set them (PUT _cluster/settings, persistent), or run again with --apply-settings',
    });
  }
}

/** An engine of the other kind, or without the plug-ins: it has none of what is to be made or taken back. */
export class NoConnectors extends Fault {
  readonly code = 'NO_CONNECTORS';
  constructor(
    readonly index: string,
    readonly engine: string,
  ) {
    super({
      asked: `the OpenSearch connectors of index ${index}`,
      found: `an engine without any: ${engine}`,
      remedy:
        'Name an OpenSearch with ml-commons and neural-search by --url; `termweave gateway` stands before any engine',
    });
  }
}

/** No encode service of this package answers at the address. */
export class ServiceUnreachable extends Fault {
  readonly code = 'SERVICE_UNREACHABLE';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly service: string,
    found: string,
    cause?: unknown,
  ) {
    super({
      asked: `the encode service at ${service}`,
      found,
      remedy: 'Start it with `termweave serve`, at an address that the engine reaches, too',
      cause,
    });
  }
}

/** The engine took a remote model and did not deploy it. */
export class ModelNotDeployed extends Fault {
  readonly code = 'MODEL_NOT_DEPLOYED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly model: string,
    readonly state: string,
  ) {
    super({
      asked: `deploy model ${model}`,
      found: `it stays ${state}`,
      remedy: 'Look at GET _plugins/_ml/models/ID and the log of the nodes; run the command again',
    });
  }
}

/** An index whose vectors were made otherwise than the engine would make further ones. */
export class FieldMadeOtherwise extends Fault {
  readonly code = 'FIELD_MADE_OTHERWISE';
  constructor(
    readonly index: string,
    readonly aspect: string,
    readonly stored: string,
    readonly given: string,
  ) {
    super({
      asked: `connect index ${index} with ${aspect} ${given}`,
      found: `its vectors were made with ${aspect} ${stored}`,
      remedy:
        'Name another --field, or connect a new index and reindex into it: engines encode one whole text, unpruned',
    });
  }
}
