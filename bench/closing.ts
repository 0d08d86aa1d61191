/** What must be closed at the end of a case, however it ends; the last opened first. */
export class Closing {
  private readonly steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.steps.push(step);
  }

  async close(): Promise<void> {
    while (this.steps.length) await this.steps.pop()!();
  }

  /** Opens something; what it had opened so far is closed where it fails. */
  static async around<T>(open: (closing: Closing) => Promise<T>): Promise<T> {
    const closing = new Closing();
    try {
      return await open(closing);
    } catch (error) {
      await closing.close();
      throw error;
    }
  }
}
