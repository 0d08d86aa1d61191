/* global window */
// The names that Splunk's i18n.js gives to pages; the catalogue of the language follows by i18ncatalog.
(function () {
  var catalog = {};
  window.i18n_register = function (registered) {
    catalog = (registered && registered.catalog) || {};
  };
  window.gettext = function (message) {
    var found = catalog[message];
    return typeof found === 'string' ? found : message;
  };
  window.ngettext = function (singular, plural, count) {
    return window.gettext(count === 1 ? singular : plural);
  };
  window._ = window._ || window.gettext;
})();
