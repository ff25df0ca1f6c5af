/** What a candidate is: a way to search, of the index as it is or of a copy with pruned documents. */
export interface Trial {
  /** As `parseSystem` reads it. */
  readonly system: string;
  /** The pruning of the documents of the copy; absent for the index itself. */
  readonly documents?: string;
}

const ON = ' on ';

/** What a trial is called: `splade on topK(64)`. */
export function trialName({ system, documents }: Trial): string {
  return documents === undefined ? system : `${system}${ON}${documents}`;
}

/** The trial that is called so. */
export function trialNamed(name: string): Trial {
  const [system = '', documents] = name.split(ON);
  return { system, ...(documents !== undefined && { documents }) };
}
