import { open } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { CompressionMissing } from './export-faults.js';

export type Compression = 'none' | 'gzip' | 'zstd';

/** zstd came to Node.js with 22.15; the types of Node.js 20 do not know it. */
const zstd = zlib as { createZstdCompress?: () => Duplex; createZstdDecompress?: () => Duplex };

const SUFFIXES: Readonly<Record<Compression, string>> = { none: '', gzip: '.gz', zstd: '.zst' };

/** What a compressed file's name ends in. */
export function suffixOf(compression: Compression): string {
  return SUFFIXES[compression];
}

/**
 * The stream that compresses, if any. gzip's header carries no time, so the same input gives the same bytes.
 * @throws {CompressionMissing}
 */
export function compressor(compression: Compression): Duplex[] {
  if (compression === 'none') return [];
  if (compression === 'gzip') return [zlib.createGzip()];
  if (!zstd.createZstdCompress) throw new CompressionMissing(compression);
  return [zstd.createZstdCompress()];
}

/** The stream that decompresses a file, by its first bytes; none for a file that is not compressed. */
export async function decompressorOf(file: string): Promise<Duplex[]> {
  const start = await firstBytes(file, 4);
  if (start.readUInt16BE(0) === 0x1f8b) return [zlib.createGunzip()];
  if (start.readUInt32LE(0) !== 0xfd2fb528) return [];
  if (!zstd.createZstdDecompress) throw new CompressionMissing('zstd');
  return [zstd.createZstdDecompress()];
}

async function firstBytes(file: string, count: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(count);
    await handle.read(start, 0, count, 0);
    return start;
  } finally {
    await handle.close();
  }
}
