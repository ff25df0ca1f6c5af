/** How little a text field may weigh in a vector beside others, and how much. */
export const LIGHTEST_FIELD = 0.01;
export const HEAVIEST_FIELD = 100;
