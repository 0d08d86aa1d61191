/** The workbench's HTML: the shell that its script fills, the step from a link to a session, and what those without one see. */

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const FRAME = `
  :root { color-scheme: light dark; }
  body { margin: 0; font: 16px/24px system-ui, sans-serif; background: Canvas; color: CanvasText; }
  main { max-width: 44rem; margin: 12vh auto 0; padding: 0 24px; }
  h1 { font-size: 24px; line-height: 32px; }
  code { font: 14px ui-monospace, monospace; }`;

function document(lang: string, title: string, nonce: string, style: string, body: string): string {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
${style && `<style nonce="${nonce}">${style}\n</style>\n`}</head>
<body>
${body}
</body>
</html>
`;
}

/** What the page's script starts in. Its address is relative: a proxy may serve the workbench below a path of its own. */
export function shell(nonce: string): string {
  return document(
    'en',
    'Workbench | Kepler',
    nonce,
    '',
    `<div id="workbench" data-nonce="${nonce}"></div>
<noscript>The workbench needs JavaScript.</noscript>
<script nonce="${nonce}" src="assets/workbench.js"></script>`,
  );
}

/** After a link was opened: a session's cookie goes only with steps that begin on this site, so the next step begins here. */
export function opened(nonce: string): string {
  return document(
    'en',
    'Workbench | Kepler',
    nonce,
    FRAME,
    `<main><p><a href="./">Open the workbench</a></p></main>
<script nonce="${nonce}">location.replace('./');</script>`,
  );
}

/** @param why a sentence or two */
export function refusal(nonce: string, why: string): string {
  return document(
    'en',
    'Workbench | Kepler',
    nonce,
    FRAME,
    `<main>
<h1>The workbench opens by a link from Splunk</h1>
<p>${escaped(why)}</p>
<p>In Splunk, run <code>| keplerctl workbench</code> and open its <code>url</code>, or press <b>Open the workbench</b> on the page Workbench of the app Kepler. A link is good once, and for five minutes. It needs the capability <code>edit_kepler_templates</code>, which the roles <code>kepler_admin</code> and <code>kepler_author</code> have.</p>
</main>`,
  );
}
