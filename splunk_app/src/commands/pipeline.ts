/**
 * Whether `fit … into <model>` stands before `apply <model>` in the pipeline of a search. Then the apply would read the version
 * before, or none: all commands are started before the first row comes.
 */
export function fittedBefore(search: string, model: string): boolean {
  let fitted = false;
  for (const stage of stages(search)) {
    const words = stage.trim().split(/[\s,]+/);
    const command = words[0]?.toLowerCase();
    if (command === 'fit' || command === 'kfit') {
      const into = words.findIndex((word) => word.toLowerCase() === 'into');
      if (into > 0 && bare(words[into + 1]) === model) fitted = true;
    } else if (fitted && (command === 'apply' || command === 'kapply')) {
      if (words.slice(1).some((word) => bare(word) === model)) return true;
    }
  }
  return false;
}

const bare = (word: string | undefined): string =>
  (word ?? '').replaceAll('"', '').replace(/^(app|user):/, '');

/** The outermost pipeline, cut at its bars; bars in quotes and subsearches do not count. */
function stages(search: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let quoted = false;
  let stage = '';
  for (let i = 0; i < search.length; i++) {
    const c = search[i];
    if (c === '\\' && quoted) {
      stage += c + (search[++i] ?? '');
      continue;
    }
    if (c === '"') quoted = !quoted;
    if (!quoted) {
      if (c === '[') depth++;
      if (c === ']') depth--;
      if (c === '|' && depth === 0) {
        out.push(stage);
        stage = '';
        continue;
      }
    }
    if (depth === 0) stage += c;
  }
  out.push(stage);
  return out;
}
