/** The views in the form that Splunk takes before 10.4: each names a template of the app, which loads the view's page. */

/** Where the template lies in the app. */
export const OLDER_TEMPLATE = 'appserver/templates/page.html';

const NEW_FORM = 'template="pages/splunk_ui_app.html"';

/** A view's XML in the older form; dashboards, which have no page, stay as they are. */
export function olderView(xml: string): string {
  return xml.replace(NEW_FORM, 'template="kepler:/templates/page.html"');
}
