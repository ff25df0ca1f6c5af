import type { Precision } from '../../model-identity.js';
import { float16Weights } from './float16-weights.js';
import { float32Weights } from './float32-weights.js';
import { int8Weights } from './int8-weights.js';
import type { WeightForm } from './weight-form.js';

const FORMS: Readonly<Record<Precision, WeightForm>> = {
  float32: float32Weights,
  float16: float16Weights,
  int8: int8Weights,
};

/** The form of weights of a precision. */
export function weightForm(precision: Precision): WeightForm {
  return FORMS[precision];
}
