/** A busy machine may take long for what an idle one does at once; a test that waits for nothing must fail at last. */
const PATIENCE_MS = 240_000;
const LOOK_MS = 20;

/**
 * Looks again and again until what is expected holds: for what an event announces before it is so.
 * @returns what the expectation returns
 * @throws its last failure
 */
export async function eventually<T>(expectation: () => T | Promise<T>): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(async () => {
    if (!(await holds())) throw new Error(`what was waited for did not come: ${String(holds)}`);
  });
}
