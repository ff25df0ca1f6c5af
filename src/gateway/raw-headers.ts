/** Header names and values in turn, as they stand on the wire. */
export type RawHeaders = readonly string[];

/** Of one connection and not of the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(
  ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'].concat(
    ['transfer-encoding', 'upgrade'],
  ),
);

/** The headers without those of the connection, without those that `connection` names, and without `others`. */
export function endToEnd(raw: RawHeaders, others: readonly string[] = []): string[] {
  const named = valuesOf(raw, 'connection').flatMap((value) => value.toLowerCase().split(/\s*,\s*/));
  const dropped = new Set([...named, ...others]);
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!HOP_BY_HOP.has(name) && !dropped.has(name)) kept.push(raw[i]!, raw[i + 1]!);
  }
  return kept;
}

/** Every value of a header. */
export function valuesOf(raw: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < raw.length; i += 2) if (raw[i]!.toLowerCase() === name) values.push(raw[i + 1]!);
  return values;
}

const MOST_CHARACTERS = 300;

/** A text as the value of a header: what is no printable ASCII, which Node refuses to send, becomes `?`; a long one is cut. */
export function headerValue(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/gu, '?').trim();
  return printable.length > MOST_CHARACTERS ? `${printable.slice(0, MOST_CHARACTERS)}...` : printable;
}
