/** Told now and then how far a long piece of work has come; `total` is in the same unit as `done`, where it is known. */
export type Progress = (step: { readonly what: string; readonly done: number; readonly total?: number }) => void;
