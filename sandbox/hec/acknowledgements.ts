/** A channel that nobody used for so long is forgotten. */
const IDLE_MS = 600_000;
/** Answers that a channel may owe before it is full (code 27), and from when on it says that it fills (code 25). */
const MOST_PENDING = 1_000_000;
const NEARLY = 0.9;

interface Channel {
  next: number;
  readonly done: Set<number>;
  used: number;
}

/** Acknowledgements by token and channel: an answer is given once, then forgotten. */
export class Acknowledgements {
  private readonly channels = new Map<string, Channel>();

  private channel(token: string, name: string, now: number): Channel {
    for (const [key, { used }] of this.channels) if (now - used > IDLE_MS) this.channels.delete(key);
    const key = `${token}\u0000${name.toLowerCase()}`;
    let channel = this.channels.get(key);
    if (!channel) {
      channel = { next: 0, done: new Set(), used: now };
      this.channels.set(key, channel);
    }
    channel.used = now;
    return channel;
  }

  /** How full a channel is. */
  state(token: string, name: string, now = Date.now()): 'free' | 'nearly full' | 'full' {
    const { size } = this.channel(token, name, now).done;
    return size >= MOST_PENDING ? 'full' : size >= MOST_PENDING * NEARLY ? 'nearly full' : 'free';
  }

  /** The id of a request whose events are indexed. */
  add(token: string, name: string, now = Date.now()): number {
    const channel = this.channel(token, name, now);
    const id = channel.next++;
    channel.done.add(id);
    return id;
  }

  /** Which requests are indexed; one that was answered with true is forgotten. */
  take(token: string, name: string, ids: readonly number[], now = Date.now()): Record<string, boolean> {
    const channel = this.channel(token, name, now);
    return Object.fromEntries(ids.map((id) => [String(id), channel.done.delete(id)]));
  }
}
