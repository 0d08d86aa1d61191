/** Colours and progress, only where a person looks on. */

export interface Terminal {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** Styles for a stream: plain text where it is no terminal, or NO_COLOR is set. */
export function terminalFor(
  stream: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv = process.env,
): Terminal {
  const coloured = stream.isTTY && !environment.NO_COLOR && environment.TERM !== 'dumb';
  const style = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    bold: style(1),
    dim: style(2),
    red: style(31),
    green: style(32),
    yellow: style(33),
    cyan: style(36),
  };
}

/** A line that is written over again and again; on something else than a terminal nothing is written. */
export class ProgressLine {
  private shown = false;
  private last = 0;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly delayMs = 0,
    private readonly started = Date.now(),
  ) {}

  update(text: string): void {
    const now = Date.now();
    if (!this.stream.isTTY || now - this.started < this.delayMs || now - this.last < 80) return;
    this.last = now;
    this.shown = true;
    this.stream.write(`\r\u001b[2K${text.slice(0, (this.stream.columns ?? 80) - 1)}`);
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[2K');
    this.shown = false;
  }
}

/** A count with thousands parted, for people. */
export function withThousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
