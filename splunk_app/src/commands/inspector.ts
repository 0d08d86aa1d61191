import type { Message } from '../../../container/contract/requests.ts';

/**
 * What goes to the search's messages and to the job inspector with the next reply. A text that was sent once is not sent
 * again: splunkd would show it as often as there are chunks.
 */
export class Inspector {
  readonly #sent = new Set<string>();
  readonly #tallies = new Map<string, { message: Message; count: number; times: number }>();
  #messages: [string, string][] = [];
  #metrics: Record<string, readonly number[]> = {};

  note(messages: readonly Message[], metrics: Readonly<Record<string, number>> = {}): void {
    for (const message of messages) {
      if (message.tally) this.#addUp(message, message.tally);
      else this.#say(message.level, message.text);
    }
    for (const [name, value] of Object.entries(metrics))
      this.#metrics[`metric.kepler.${name}`] = metric(name, value);
  }

  #say(level: string, text: string): void {
    if (this.#sent.has(text)) return;
    this.#sent.add(text);
    this.#messages.push([level, text]);
  }

  #addUp(message: Message, { key, count }: NonNullable<Message['tally']>): void {
    const before = this.#tallies.get(key);
    this.#tallies.set(key, {
      message: before?.message ?? message,
      count: (before?.count ?? 0) + count,
      times: (before?.times ?? 0) + 1,
    });
  }

  /** The `inspector` of the next reply, or nothing. What is counted over chunks is said with the last. */
  take(last: boolean): { inspector?: Record<string, unknown> } {
    if (last) {
      for (const { message, count, times } of this.#tallies.values()) {
        const text = times === 1 ? message.text : message.tally?.total.replace('{n}', String(count));
        this.#say(message.level, text ?? message.text);
      }
      this.#tallies.clear();
    }
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
