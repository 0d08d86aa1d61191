/* global window, document */
// The stand-in for Splunk's layout: the bars at the top, the container of the page, the footer.
(function () {
  var about = window.__kepler_sandbox__ || {
    nav: [],
    label: '',
    user: '',
    theme: 'light',
    view: '',
    app: '',
  };
  var locale = window.$C.LOCALE;
  var dark = about.theme === 'dark';

  function element(tag, attributes, children) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      if (attributes[name] !== undefined) made.setAttribute(name, attributes[name]);
    });
    [].concat(children || []).forEach(function (child) {
      made.append(child);
    });
    return made;
  }

  function link(item) {
    var here = item.view !== undefined && item.view === about.view;
    return element('a', { href: item.href, 'aria-current': here ? 'page' : undefined }, item.label);
  }

  function navItem(item) {
    if (!item.items) return element('li', {}, link(item));
    var list = element('ul', {}, item.items.map(navItem));
    return element('li', {}, element('details', {}, [element('summary', {}, item.label), list]));
  }

  function switchTheme() {
    document.cookie = 'kepler_sandbox_theme=' + (dark ? 'light' : 'dark') + '; Path=/; SameSite=Lax';
    window.location.reload();
  }

  function otherLanguage() {
    var other = locale.slice(0, 2) === 'es' ? 'en-US' : 'es-ES';
    return element(
      'a',
      {
        href: window.location.pathname.replace(/^\/[^/]+/, '/' + other) + window.location.search,
        hreflang: other,
      },
      other === 'es-ES' ? 'Español' : 'English',
    );
  }

  function splunkBar() {
    var theme = element('button', { type: 'button' }, dark ? 'Light theme' : 'Dark theme');
    theme.addEventListener('click', switchTheme);
    return element('div', { class: 'ksb-splunk-bar' }, [
      element('strong', {}, 'Kepler sandbox'),
      element('span', { class: 'ksb-note' }, 'a stand-in for Splunk'),
      element('span', { class: 'ksb-fill' }),
      element('a', { href: '/' + locale + '/app/search/search' }, 'Search'),
      otherLanguage(),
      theme,
      element('span', {}, about.user),
      element('a', { href: '/' + locale + '/account/logout' }, 'Log out'),
    ]);
  }

  function appBar() {
    return element('nav', { class: 'ksb-app-bar', 'aria-label': about.label }, [
      element('ul', {}, about.nav.map(navItem)),
      element('span', { class: 'ksb-fill' }),
      element('strong', {}, about.label),
    ]);
  }

  var STYLE =
    'body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:' +
    (dark ? '#171d21' : '#f2f4f5') +
    ';font:14px/1.43 "Splunk Platform Sans",system-ui,sans-serif}' +
    '.ksb-splunk-bar,.ksb-app-bar{display:flex;align-items:center;gap:16px;padding:0 16px;color:#fff;font:14px/1.43 "Splunk Platform Sans",system-ui,sans-serif}' +
    '.ksb-splunk-bar{background:#000;min-height:34px}.ksb-app-bar{background:#3c444d;min-height:45px}' +
    '.ksb-app-bar ul{display:flex;gap:4px;list-style:none;margin:0;padding:0}' +
    '.ksb-splunk-bar a,.ksb-app-bar a,.ksb-app-bar summary{color:#fff;text-decoration:none;display:block;padding:12px 10px}' +
    '.ksb-splunk-bar a{padding:6px 4px}' +
    '.ksb-splunk-bar button{font:inherit;color:#fff;background:none;border:1px solid #818d99;border-radius:3px;padding:2px 8px;cursor:pointer}' +
    '.ksb-app-bar a[aria-current]{box-shadow:inset 0 -3px #65a637}' +
    '.ksb-splunk-bar a:hover,.ksb-app-bar a:hover{background:#5c6773}' +
    '.ksb-app-bar details{position:relative}.ksb-app-bar details ul{position:absolute;z-index:10;flex-direction:column;background:#3c444d;min-width:200px}' +
    '.ksb-note{color:#c3cbd4}.ksb-fill{flex:1}.ksb-body{flex:1 0 auto}' +
    '.ksb-footer{padding:8px 16px;color:' +
    (dark ? '#c3cbd4' : '#5c6773') +
    '}';

  window.__splunk_layout__ = {
    create: function (given) {
      var options = given || {};
      var body = element('div', { class: 'ksb-body' });
      document.head.append(element('style', {}, STYLE));
      if (!options.hideChrome) {
        var bars = [];
        if (!options.hideSplunkBar) bars.push(splunkBar());
        if (!options.hideAppBar) bars.push(appBar());
        if (bars.length > 0) document.body.append(element('header', {}, bars));
      }
      document.body.append(body);
      if (!options.hideChrome && !options.hideFooter) {
        document.body.append(
          element(
            'footer',
            { class: 'ksb-footer' },
            'Kepler sandbox: a stand-in for Splunk, to try and to test with',
          ),
        );
      }
      return {
        getContainerElement: function () {
          return body;
        },
      };
    },
  };
})();
