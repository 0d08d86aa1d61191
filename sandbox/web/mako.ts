import { scriptValue } from './html.ts';
import type { PageContext } from './page.ts';
import { headScripts, partials, staticAddress } from './page.ts';

export class TemplateError extends Error {}

/**
 * Renders a template of a view in the form before 10.4. Of Mako it knows what such templates need: comments, `<%page…>`,
 * assignments of texts and names joined by `+` in `<% … %>`, and in `${…}` a name, `make_url(…)`, `_('…')` and
 * `json_decode(splunkd)`. What else stands there is an error, so that a template is not half rendered.
 */
export function renderTemplate(template: string, context: PageContext): string {
  const names = new Map<string, string>([
    ['page', context.view],
    ['app', context.app],
    ['app_name', context.app],
    ['locale', context.locale],
  ]);
  const joined = (expression: string): string =>
    splitPlus(expression)
      .map((term) => {
        const literal = /^(["'])(.*)\1$/s.exec(term);
        if (literal) return literal[2];
        const value = names.get(term);
        if (value === undefined)
          throw new TemplateError(`The sandbox cannot evaluate '${term}' of the template.`);
        return value;
      })
      .join('');
  const evaluate = (expression: string): string => {
    const call = /^(\w+)\s*\(([\s\S]*)\)$/.exec(expression);
    if (!call) return joined(expression);
    const [, name, argument] = call;
    if (name === '_') return joined(argument);
    if (name === 'json_decode') return scriptValue(partials());
    if (name === 'make_url') return makeUrl(joined(argument), context);
    throw new TemplateError(`The sandbox does not know the function '${name}' of the template.`);
  };
  const body = template
    .replace(/^\s*##.*\n/gm, '')
    .replace(/<%(?:page|namespace|inherit)\b[^>]*\/?>\\?\n?/g, '')
    .replace(/<%!?\s([\s\S]*?)%>\\?\n?/g, (_, code: string) => {
      for (const line of code.split('\n')) {
        const assignment = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(line);
        if (assignment && !names.has(assignment[1])) names.set(assignment[1], joined(assignment[2]));
      }
      return '';
    })
    .replace(/\$\{([^}]*)\}/g, (_, expression: string) => evaluate(expression.split('|')[0].trim()));
  // Splunk draws the bars from its own files; the stand-in's layout needs to know what stands in them.
  return body.replace(/<body[^>]*>/i, (tag) => `${tag}\n${headScripts(context)}`);
}

function splitPlus(expression: string): string[] {
  return [...expression.matchAll(/"[^"]*"|'[^']*'|[^+\s]+/g)].map(([term]) => term);
}

function makeUrl(path: string, context: PageContext): string {
  const own = `/static/app/${context.app}/`;
  if (path.startsWith(own)) return staticAddress(context, path.slice(own.length));
  return `/${context.locale}${path.startsWith('/') ? '' : '/'}${path}`;
}
