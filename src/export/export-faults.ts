import { Fault } from '../fault/fault.js';

/** A quantisation that cannot be read, or whose numbers make no sense. */
export class InvalidQuantisation extends Fault {
  readonly code = 'QUANTISATION_INVALID';
  constructor(
    readonly written: string,
    found: string,
  ) {
    super({
      asked: `quantisation ${JSON.stringify(written)}`,
      found,
      remedy: 'Write none, featureField, scale(FACTOR), bits(COUNT) or bits(COUNT,HEAVIEST_WEIGHT)',
    });
  }
}

/** A weight with a fraction for a system that keeps whole numbers. */
export class QuantisationUnfit extends Fault {
  readonly code = 'QUANTISATION_UNFIT';
  constructor(
    readonly format: string,
    readonly quantisation: string,
    found: string,
  ) {
    super({
      asked: `export to ${format} with quantisation ${quantisation}`,
      found,
      remedy: 'Give --quantise scale(100) or bits(8), or weights that are whole numbers from 1 to 2147483647',
    });
  }
}

/** A name that a format has no way to write. */
export class NameNotCarried extends Fault {
  readonly code = 'NAME_NOT_CARRIED';
  constructor(
    readonly format: string,
    readonly written: string,
    readonly reason: string,
  ) {
    super({
      asked: `write ${JSON.stringify(written)} to ${format}`,
      found: reason,
      remedy: 'Rename it, leave it out, or choose a format that carries it: vespa, seismic and csr carry any',
    });
  }
}

/** A line of an input file that cannot be used. */
export class BrokenLine extends Fault {
  readonly code = 'LINE_BROKEN';
  constructor(
    readonly file: string,
    readonly line: number | undefined,
    found: string,
  ) {
    super({
      asked: line === undefined ? `an item of ${file}` : `line ${line} of ${file}`,
      found,
      remedy: 'Correct the line, or give --skip-broken to leave such lines out and count them',
    });
  }
}

/** A file that is not what its name or its format says. */
export class BrokenFile extends Fault {
  readonly code = 'FILE_BROKEN';
  constructor(
    readonly file: string,
    found: string,
    cause?: unknown,
  ) {
    super({
      asked: `read ${file}`,
      found,
      remedy: 'Check that the file is whole and of the format that was named',
      cause,
    });
  }
}

/** A folder that holds something else than an earlier try of the same export. */
export class OutputTaken extends Fault {
  readonly code = 'OUTPUT_TAKEN';
  constructor(
    readonly folder: string,
    found: string,
  ) {
    super({
      asked: `write to ${folder}`,
      found,
      remedy: 'Name an empty or a new folder with --out, or empty this one',
    });
  }
}

/** A compression that this Node.js does not have. */
export class CompressionMissing extends Fault {
  override readonly kind = 'environment';
  readonly code = 'COMPRESSION_MISSING';
  constructor(readonly compression: string) {
    super({
      asked: `${compression} compression`,
      found: `Node.js ${process.versions.node}, which does not have it`,
      remedy: 'Use --compress gzip, or Node.js 22.15 or newer for zstd',
    });
  }
}

/** A format that there is none of. */
export class UnknownFormat extends Fault {
  readonly code = 'FORMAT_UNKNOWN';
  constructor(
    readonly format: string,
    readonly known: readonly string[],
  ) {
    super({
      asked: `format ${JSON.stringify(format)}`,
      found: 'no format of that name',
      remedy: `Use one of ${known.join(', ')}`,
    });
  }
}
