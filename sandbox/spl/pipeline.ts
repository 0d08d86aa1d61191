/** SPL text cut into commands: quotes, brackets of subsearches and comments are seen, arguments stay text. */

export class SplError extends Error {}

/** A piece of a command's arguments: text as written, or a subsearch in brackets. */
export type Part = string | Pipeline;

export interface CommandCall {
  /** In lower case. */
  readonly name: string;
  readonly parts: readonly Part[];
}

export interface Pipeline {
  readonly commands: readonly CommandCall[];
  /** The text that it was read from. */
  readonly text: string;
}

/** Reads a search. What does not begin with a pipe begins with the command `search`. */
export function parseSearch(text: string): Pipeline {
  const source = text.replace(/```[\s\S]*?```/g, ' ');
  const { pipeline, at } = readPipeline(source, 0, false);
  if (at < source.length) throw new SplError(`Unbalanced ']' at position ${at + 1} of the search.`);
  return pipeline;
}

function readPipeline(text: string, from: number, nested: boolean): { pipeline: Pipeline; at: number } {
  const stages: Part[][] = [[]];
  let at = from;
  let start = from;
  const flush = () => {
    if (at > start) stages[stages.length - 1].push(text.slice(start, at));
  };
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      at = closingQuote(text, at) + 1;
    } else if (char === '\\') {
      at += 2;
    } else if (char === '|') {
      flush();
      stages.push([]);
      at += 1;
      start = at;
    } else if (char === '[') {
      flush();
      const inner = readPipeline(text, at + 1, true);
      if (text[inner.at] !== ']')
        throw new SplError(`The subsearch that begins at position ${at + 1} has no closing ']'.`);
      stages[stages.length - 1].push(inner.pipeline);
      at = inner.at + 1;
      start = at;
    } else if (char === ']') {
      break;
    } else {
      at += 1;
    }
  }
  at = Math.min(at, text.length);
  flush();
  if (!nested && text[at] === ']') throw new SplError(`Unbalanced ']' at position ${at + 1} of the search.`);
  return { pipeline: { commands: toCommands(stages, nested), text: text.slice(from, at).trim() }, at };
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  throw new SplError(`The quotation mark at position ${open + 1} of the search has no closing one.`);
}

function toCommands(stages: Part[][], nested: boolean): CommandCall[] {
  const blank = (parts: readonly Part[]) =>
    parts.every((part) => typeof part === 'string' && part.trim() === '');
  const [first, ...rest] = stages;
  const commands: CommandCall[] = [];
  if (!blank(first)) commands.push(nested ? toCommand(first) : leadingCommand(first));
  for (const [i, parts] of rest.entries()) {
    if (blank(parts)) throw new SplError(`A command is missing behind pipe ${i + 1} of the search.`);
    commands.push(toCommand(parts));
  }
  if (commands.length === 0) throw new SplError('The search is empty.');
  return commands;
}

/** Without a pipe in front, a search's first words are terms to look for, unless they name the command `search` itself. */
function leadingCommand(parts: readonly Part[]): CommandCall {
  const [first] = parts;
  if (typeof first === 'string' && /^\s*search\s/i.test(first)) return toCommand(parts);
  return { name: 'search', parts };
}

function toCommand(parts: readonly Part[]): CommandCall {
  const [first, ...rest] = parts;
  const match =
    typeof first === 'string' ? /^\s*([A-Za-z_][\w-]*)(?=[\s(=,"]|$)([\s\S]*)$/.exec(first) : null;
  if (!match) {
    const what = typeof first === 'string' ? first.trim().split(/\s/)[0] : '[';
    throw new SplError(`A command's name was expected behind the pipe, not '${what}'.`);
  }
  const parts_: Part[] = [match[2], ...rest];
  return { name: match[1].toLowerCase(), parts: parts_ };
}
