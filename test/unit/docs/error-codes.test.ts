import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../../src/cli/outcome.js';
import type { FaultKind } from '../../../src/fault/fault.js';

/** A subclass of Fault, as its source has it. */
interface Coded {
  readonly code: string;
  /** Undefined where it differs by case. */
  readonly kind?: FaultKind;
}

const CLASS = /^(?:export )?(?:abstract )?class (\w+) extends (\w+)[^{]*\{([\s\S]*?)^\}/gm;

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('src', name), 'utf8'));
const classes = sources.flatMap((text) => [...text.matchAll(CLASS)]);
const bodies = new Map(classes.map(([, name, parent, body]) => [name!, { parent: parent!, body: body! }]));

/** Of a class, or of the nearest one that it is made of. */
function kindOf(name: string): FaultKind | undefined {
  const found = bodies.get(name);
  if (!found) return 'input';
  const written = /override readonly kind(?:: FaultKind)?(?: = '(\w+)')?;/.exec(found.body);
  return written ? (written[1] as FaultKind | undefined) : kindOf(found.parent);
}

const coded: readonly Coded[] = [...bodies].flatMap(([name, { body }]) => {
  const code = /readonly code(?:: string)? = '(\w+)';/.exec(body)?.[1];
  return code === undefined ? [] : [{ code, kind: kindOf(name) }];
});

const rows = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(\w+)` \| ([^|]+) \| \S.* \|$/gm)];
const documented = new Map(rows.map(([, code, exit]) => [code!, exit!]));

describe('docs/errors.md', () => {
  it('finds the codes in the sources', () => {
    expect(coded.length).toBeGreaterThan(100);
  });

  it('has every code once, and no other', () => {
    expect([...documented.keys()].sort()).toEqual([...new Set(coded.map(({ code }) => code))].sort());
    expect(rows.length).toBe(documented.size);
  });

  it('says with which exit code a command ends', () => {
    const wrong = coded.filter(({ code, kind }) => {
      const exit = documented.get(code);
      return kind !== undefined && exit !== '–' && exit !== String(ExitCode[kind]);
    });
    expect(wrong).toEqual([]);
  });
});
