import type { WeightForm } from './graph/weights/weight-form.js';
import { weightForm } from './graph/weights/weight-forms.js';
import { ModelFileBroken } from './model-faults.js';
import type { Precision } from './model-identity.js';
import { isFinite32, type Tensor, type Tensors } from './safetensors.js';

/** The tensors of a checkpoint, asked for by name and shape, so that a wrong file is found before it is compiled. */
export class CheckpointTensors {
  readonly #tensors: Tensors;
  /** How the graph that they are for holds matrices. */
  readonly form: WeightForm;

  /** Accepts names as written by old releases: `LayerNorm.gamma` and `.beta` for `.weight` and `.bias`. */
  constructor(
    readonly file: string,
    tensors: Tensors,
    readonly precision: Precision,
  ) {
    this.form = weightForm(precision);
    this.#tensors = new Map([...tensors].map(([name, tensor]) => [modernName(name), tensor]));
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** A matrix as the graph's form holds it. @throws {ModelFileBroken} when it is absent, of another shape, or too large for the form. */
  matrix(name: string, rows: number, columns: number): Tensor {
    const held = this.form.held(this.#mustHave(name, [rows, columns]));
    if (isFinite32(held.data)) return held;
    const found = `tensor ${name} with numbers too large for ${this.precision}`;
    throw new ModelFileBroken(this.file, found, 'Compile it with --precision float32');
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
