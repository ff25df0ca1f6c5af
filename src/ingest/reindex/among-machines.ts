import type { Estimate } from './estimate.js';

/** What each of several machines like the one that measured would take: `--slice 1/N` to `--slice N/N`. */
export interface MachineShare {
  readonly machines: number;
  /** Of each. Slices are cut by ids, so they are alike but for chance. */
  readonly documents: number;
  /** From the first start to the end of each; all run beside each other. */
  readonly hours: number;
  /** What each adds to an index: see {@link Estimate.bytes}. */
  readonly bytes: number;
  /** Of all, paid for. Slices share nothing, so it does not depend on how many there are. */
  readonly machineHours: number;
  /** What an engine has to take in from all of them, so that none waits for it. */
  readonly bytesPerSecond: number;
  /** Of each, in the unit that an hour's price was given in. */
  readonly cost?: number;
}

const SECONDS_PER_HOUR = 3600;

/**
 * Divides an estimate among machines.
 * @param machines 1 or more, each with the cores and the workers of the one that made the estimate.
 * @param hourPrice of one machine, in any unit.
 */
export function amongMachines(
  { documents, seconds, bytes }: Estimate,
  machines: number,
  hourPrice?: number,
): MachineShare {
  const hours = seconds / SECONDS_PER_HOUR / machines;
  const share = {
    machines,
    documents: Math.ceil(documents / machines),
    hours: rounded(hours),
    bytes: Math.ceil(bytes / machines),
    machineHours: rounded(hours * machines),
    bytesPerSecond: seconds === 0 ? 0 : Math.round((bytes / seconds) * machines),
  };
  return hourPrice === undefined ? share : { ...share, cost: rounded(hours * hourPrice) };
}

/** Three significant digits: a sample carries no more. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
