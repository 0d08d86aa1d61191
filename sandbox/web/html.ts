/** Text for HTML, inside an element or an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A value for a script inside a page: nothing in it can end the script. */
export function scriptValue(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const STAND_IN = 'This is the sandbox of Kepler, a stand-in for Splunk to try and to test with.';

/** A page of plain HTML that needs no script. */
export function plainPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
body { font: 14px/1.5 "Splunk Platform Sans", system-ui, sans-serif; margin: 0; background: #f2f4f5; color: #2c2c2c; }
main { max-width: 560px; margin: 12vh auto; padding: 24px 32px; background: #fff; border: 1px solid #c3cbd4; border-radius: 4px; }
h1 { font-size: 24px; margin: 0 0 8px; }
label { display: block; margin: 16px 0 4px; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: 6px 8px; border: 1px solid #818d99; border-radius: 3px; }
button { font: inherit; margin-top: 24px; padding: 6px 24px; color: #fff; background: #1a7f4b; border: 0; border-radius: 3px; }
code { background: #f2f4f5; padding: 1px 4px; overflow-wrap: anywhere; }
.error { color: #b1290f; }
.note { color: #5c6773; }
a { color: #005cb3; }
</style>
</head>
<body><main>
${body}
<p class="note">${STAND_IN}</p>
</main></body>
</html>
`;
}

export function errorPage(what: string, why: string): string {
  return plainPage(what, `<h1>${escapeHtml(what)}</h1>\n<p>${escapeHtml(why)}</p>`);
}
