import { type Command, Option } from 'commander';
import type { DeviceChoice } from '../encoder/device/start-on-device.js';
import type { Encoder } from '../encoder/encoder.js';
import type { HubAccess } from '../model/hub-access.js';
import { DEVICES, PRECISIONS, type Precision } from '../model/model-identity.js';
import type { Progress } from '../model/progress.js';
import { DEFAULT_MODEL } from '../model/registry.js';
import { interruption } from './interruption.js';
import { naturalNumber } from './option-values.js';
import { say } from './output.js';
import { homeFolder } from './settings.js';

/** The options of every command that encodes. */
export interface ModelOptions {
  readonly model: string;
  readonly maxTokens?: number;
  readonly workers?: number;
  readonly precision?: Precision;
  readonly device?: DeviceChoice;
  readonly offline?: boolean;
}

/** Adds the options that say which model encodes, and how. */
export function withModelOptions(command: Command): Command {
  return command
    .option('--model <MODEL>', 'a named model, a hub id (owner/name) or a folder', DEFAULT_MODEL)
    .option('--max-tokens <N>', 'cut texts at this many tokens (default: 256, or what the model takes)', naturalNumber)
    .option(
      '--workers <N>',
      'encoding threads; each has the model in memory, four share a large one (default: one for each core, at most 4; one on an accelerator)',
      naturalNumber,
    )
    .addOption(precisionOption())
    .addOption(deviceOption())
    .option('--offline', 'use the models on this machine only');
}

/** How weights are held. */
export function precisionOption(when = ''): Option {
  return new Option(
    '--precision <NAME>',
    `${when}how weights are held: as they are, or rounded (default: float32)`,
  ).choices(PRECISIONS);
}

/** What multiplies. */
export function deviceOption(): Option {
  return new Option(
    '--device <NAME>',
    'what multiplies; auto: an accelerator that is there and quicker, else the CPU (default: cpu)',
  ).choices(['auto', ...DEVICES]);
}

/** Loads the encoder that the options name. */
export async function openEncoder(options: ModelOptions): Promise<Encoder> {
  const { loadEncoder } = await import('../encoder/load-encoder.js');
  const { maxTokens, workers, precision, device } = options;
  return loadEncoder(options.model, { ...modelAccess(options.offline), maxTokens, workers, precision, device });
}

/** Where models are kept and fetched from, as the environment says. */
export function modelAccess(offline?: boolean) {
  return { home: homeFolder(), hub: hubAccess(offline), signal: interruption, onProgress: progressOnStderr() };
}

/** The variables of the hub's own clients (huggingface_hub, environment variables). */
function hubAccess(offline?: boolean): HubAccess {
  const { HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, HF_HUB_CACHE, HF_HOME } = process.env;
  return {
    endpoint: HF_ENDPOINT?.replace(/\/+$/, '') || undefined,
    token: HF_TOKEN || undefined,
    offline: offline ?? /^(1|true|yes|on)$/i.test(HF_HUB_OFFLINE ?? ''),
    cache: HF_HUB_CACHE || (HF_HOME ? `${HF_HOME}/hub` : undefined),
  };
}

const PERCENT_STEP = 10;

/** A line for each new thing, and one for each tenth of it. */
function progressOnStderr(): Progress {
  let last = '';
  return ({ what, done, total }) => {
    const percent = total ? Math.floor((100 * done) / total / PERCENT_STEP) * PERCENT_STEP : 0;
    const line = percent > 0 ? `${what} ${percent} %` : what;
    if (line !== last) say(line);
    last = line;
  };
}
