import type { Message } from '../../../container/contract/requests.ts';

/**
 * What goes to the search's messages and to the job inspector with the next reply. A text that was sent once is not sent
 * again: splunkd would show it as often as there are chunks.
 */
export class Inspector {
  readonly #sent = new Set<string>();
  #messages: [string, string][] = [];
  #metrics: Record<string, readonly number[]> = {};

  note(messages: readonly Message[], metrics: Readonly<Record<string, number>> = {}): void {
    for (const { level, text } of messages) {
      if (this.#sent.has(text)) continue;
      this.#sent.add(text);
      this.#messages.push([level, text]);
    }
    for (const [name, value] of Object.entries(metrics))
      this.#metrics[`metric.kepler.${name}`] = metric(name, value);
  }

  /** The `inspector` of the next reply, or nothing. */
  take(): { inspector?: Record<string, unknown> } {
    const messages = this.#messages;
    const metrics = this.#metrics;
    this.#messages = [];
    this.#metrics = {};
    if (messages.length === 0 && Object.keys(metrics).length === 0) return {};
    return { inspector: { ...(messages.length > 0 && { messages }), ...metrics } };
  }
}

/** splunkd's form: elapsed seconds, calls, input count, output count. */
function metric(name: string, value: number): readonly number[] {
  return name.endsWith('_ms') ? [value / 1000, 1, 0, 0] : [0, 1, value, value];
}
