/** How little a text field may weigh in a vector beside others, and how much. */
export const LIGHTEST_FIELD = 0.01;
export const HEAVIEST_FIELD = 100;

/** Whether a text field may weigh so much. */
export function isFieldWeight(weight: number): boolean {
  return weight >= LIGHTEST_FIELD && weight <= HEAVIEST_FIELD;
}
