/** Where a token stands in its text: bytes of UTF-8, from `start` up to `stop`. */
export interface TokenSpan {
  readonly start: number;
  readonly stop: number;
  readonly text: string;
}
