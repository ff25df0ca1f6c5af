import { ModelFileBroken } from './model-faults.js';
import type { Tensor, Tensors } from './safetensors.js';

/** The tensors of a checkpoint, asked for by name and shape, so that a wrong file is found before it is compiled. */
export class CheckpointTensors {
  readonly #tensors: Tensors;

  /** Accepts names as written by old releases: `LayerNorm.gamma` and `.beta` for `.weight` and `.bias`. */
  constructor(
    readonly file: string,
    tensors: Tensors,
  ) {
    this.#tensors = new Map([...tensors].map(([name, tensor]) => [modernName(name), tensor]));
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** @throws {ModelFileBroken} when it is absent or of another shape. */
  matrix(name: string, rows: number, columns: number): Tensor {
    return this.#mustHave(name, [rows, columns]);
  }

  /** @throws {ModelFileBroken} when it is absent or of another length. */
  vector(name: string, length: number): Float32Array {
    return this.#mustHave(name, [length]).data;
  }

  #mustHave(name: string, shape: readonly number[]): Tensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new ModelFileBroken(this.file, `no tensor ${name}`, REMEDY);
    if (tensor.shape.join() !== shape.join()) {
      const found = `tensor ${name} is of shape [${tensor.shape}] where config.json makes it [${shape}]`;
      throw new ModelFileBroken(this.file, found, REMEDY);
    }
    return tensor;
  }
}

const REMEDY = 'Use the weights of a masked-language model, with the config.json that belongs to them';

function modernName(name: string): string {
  return name.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
}
