import type { DeviceName, Precision } from '../../model/model-identity.js';
import { usualWorkers } from '../usual-workers.js';

/** What encodes, and the shapes of work that suit it. Nothing else asks which device it is. */
export interface Device {
  readonly name: DeviceName;
  /** Threads that encode unless the caller says. On an accelerator each has a session, and so the model in the device's memory. */
  readonly workers: () => number;
  /** Tokens in a batch, padding included. */
  readonly tokensPerBatch: number;
  /** How the decoder is multiplied: behind the screen, which leaves rows to gather, and so suits cores; or all of it. */
  readonly decoder: 'screened' | 'dense';
  /** Whether a session's products are shared out among threads, so that one on all cores is quicker for a lone query. */
  readonly sharesOutProducts: boolean;
  /** The forms of weights that it multiplies itself. */
  readonly precisions: readonly Precision[];
  /** Variables that its libraries read when they are loaded; whoever has set them keeps what they said. */
  readonly environment: Readonly<Record<string, string>>;
  /** What to do where no session can be made on it. */
  readonly remedy: string;
}

const DEVICES: Readonly<Record<DeviceName, Device>> = {
  cpu: {
    name: 'cpu',
    workers: usualWorkers,
    // The states of a batch stay in a core's own cache.
    tokensPerBatch: 256,
    decoder: 'screened',
    sharesOutProducts: true,
    precisions: ['float32', 'float16', 'int8'],
    environment: {},
    remedy: 'Build it anew with `termweave model build --anew`',
  },
  cuda: {
    ...accelerator('cuda'),
    // onnxruntime's provider multiplies in TF32, of 11 bits, unless it is told otherwise, and its addon for Node has no way to tell it. cuBLAS has.
    environment: { NVIDIA_TF32_OVERRIDE: '0' },
    remedy:
      'CUDA needs an NVIDIA driver, CUDA 12 and cuDNN 9 in the library path, and `npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12` (Linux x64)',
  },
  webgpu: {
    ...accelerator('webgpu'),
    environment: {},
    remedy: "WebGPU needs the graphics card's own driver: on Linux one of Vulkan, with its loader libvulkan.so.1",
  },
};

/** Devices beside the CPU, in the order in which `auto` tries them. */
export const ACCELERATORS: readonly Device[] = [DEVICES.cuda, DEVICES.webgpu];

/** The device of a name. */
export function deviceNamed(name: DeviceName): Device {
  return DEVICES[name];
}

/**
 * An accelerator takes the whole of a task at once: 32 texts of up to 128 tokens. A sixteenth of BERT's vocabulary by so many tokens is 31 MB, within the
 * 128 MiB that every WebGPU device binds. Its memory holds one model.
 */
function accelerator<Name extends DeviceName>(name: Name) {
  return {
    name,
    workers: () => 1,
    tokensPerBatch: 4096,
    decoder: 'dense',
    sharesOutProducts: false,
    precisions: ['float32', 'float16'],
  } as const;
}
