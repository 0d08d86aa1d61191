/* global window */
window.__get_theme__ = {
  getTheme: function () {
    return Promise.resolve((window.$C && window.$C.SPLUNK_UI_THEME) || 'light');
  },
};
