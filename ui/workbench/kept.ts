/** What the browser keeps between visits. Without storage (private windows) nothing is kept. */

function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

export function readKept(name: string): string | undefined {
  return storage()?.getItem(`kepler.workbench.${name}`) ?? undefined;
}

/** Keeps a value; undefined forgets it. */
export function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) storage()?.removeItem(`kepler.workbench.${name}`);
    else storage()?.setItem(`kepler.workbench.${name}`, value);
  } catch {
    // Full: what is kept is a convenience.
  }
}
