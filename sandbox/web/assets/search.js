/* global window, document */
// The stand-in's search page: sends what is typed as a job, as Splunk's own page does, and shows what comes back.
(function () {
  var MOST_ROWS = 1000;
  var POLL_MS = 200;
  var config = window.$C;
  var app = (window.__kepler_sandbox__ || {}).app || 'search';
  var current = null;

  function element(tag, attributes, children) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      made.setAttribute(name, attributes[name]);
    });
    [].concat(children || []).forEach(function (child) {
      made.append(child);
    });
    return made;
  }

  function formKey() {
    var name = 'splunkweb_csrf_token_' + config.MRSPARKLE_PORT_NUMBER + '=';
    var found = document.cookie.split('; ').find(function (cookie) {
      return cookie.startsWith(name);
    });
    return found ? found.slice(name.length) : '';
  }

  async function call(method, path, parameters) {
    var form = new URLSearchParams(Object.assign({ output_mode: 'json' }, parameters)).toString();
    var post = method === 'POST';
    var response = await fetch(config.SPLUNKD_PATH + path + (post ? '' : '?' + form), {
      method: method,
      body: post ? form : undefined,
      headers: {
        'X-Splunk-Form-Key': formKey(),
        'X-Requested-With': 'XMLHttpRequest',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
    });
    if (response.status === 401) {
      window.location.reload();
      throw new Error('The session has ended.');
    }
    if (response.status === 204) return null;
    var body = await response.json();
    if (!response.ok) throw new Error(body.messages.map((message) => message.text).join(' '));
    return body;
  }

  var box = element('textarea', { id: 'q', rows: '3', spellcheck: 'false' });
  var earliest = element('select', { id: 'earliest' });
  [
    ['-15m', 'Last 15 minutes'],
    ['-24h', 'Last 24 hours'],
    ['-7d', 'Last 7 days'],
    ['0', 'All time'],
  ].forEach(function (choice) {
    earliest.append(element('option', { value: choice[0] }, choice[1]));
  });
  earliest.value = '-24h';
  var run = element('button', { type: 'submit' }, 'Search');
  var stop = element('button', { type: 'button', disabled: '' }, 'Stop');
  var state = element('div', { class: 'state', role: 'status' });
  var messages = element('ul', { class: 'messages' });
  var results = element('div', {
    class: 'results',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Results',
    hidden: '',
  });

  function showMessages(list) {
    messages.replaceChildren(
      ...list.map(function (message) {
        return element('li', { class: message.type }, message.type + ' ' + message.text);
      }),
    );
  }

  function cell(value) {
    var text = Array.isArray(value) ? value.join('\n') : value === undefined ? '' : value;
    var number = text !== '' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
    return element('td', number ? { class: 'number' } : {}, text);
  }

  function showResults(found) {
    var names = found.fields.map((field) => field.name);
    var head = element(
      'tr',
      {},
      names.map((name) => element('th', { scope: 'col' }, name)),
    );
    var rows = found.results.map((row) =>
      element(
        'tr',
        {},
        names.map((name) => cell(row[name])),
      ),
    );
    results.replaceChildren(element('table', {}, [element('thead', {}, head), element('tbody', {}, rows)]));
    results.hidden = names.length === 0;
  }

  async function cancel() {
    var sid = current;
    current = null;
    if (sid) await call('POST', '/services/search/jobs/' + sid + '/control', { action: 'cancel' });
  }

  async function search() {
    var text = box.value.trim();
    if (text === '') return;
    await cancel();
    var address = new URLSearchParams({ q: text, earliest: earliest.value });
    window.history.replaceState(null, '', '?' + address);
    results.hidden = true;
    showMessages([]);
    stop.disabled = false;
    state.textContent = 'Searching…';
    try {
      var created = await call(
        'POST',
        '/servicesNS/' + encodeURIComponent(config.USERNAME) + '/' + app + '/search/jobs',
        {
          search: /^\s*(\||search\s)/.test(text) ? text : 'search ' + text,
          earliest_time: earliest.value,
          latest_time: earliest.value === '0' ? '' : 'now',
        },
      );
      current = created.sid;
      await follow(created.sid);
    } catch (error) {
      state.textContent = '';
      showMessages([{ type: 'ERROR', text: error.message }]);
    }
    stop.disabled = true;
  }

  async function follow(sid) {
    while (current === sid) {
      var list = await call('GET', '/services/search/jobs', { id: sid });
      if (list.entry.length === 0) return;
      var job = list.entry[0].content;
      var seconds = job.runDuration.toFixed(2) + ' s';
      showMessages(job.messages);
      if (!job.isDone) {
        state.textContent = job.resultPreviewCount.toLocaleString(config.LOCALE) + ' rows so far, ' + seconds;
        await new Promise((next) => setTimeout(next, POLL_MS));
        continue;
      }
      current = null;
      if (job.isFailed) {
        state.textContent = 'Failed after ' + seconds;
        return;
      }
      var found = await call('GET', '/services/search/v2/jobs/' + sid + '/results', { count: MOST_ROWS });
      if (found) showResults(found);
      var count = job.resultCount.toLocaleString(config.LOCALE);
      var part =
        job.resultCount > MOST_ROWS
          ? ', the first ' + MOST_ROWS.toLocaleString(config.LOCALE) + ' shown'
          : '';
      state.textContent = count + (job.resultCount === 1 ? ' row in ' : ' rows in ') + seconds + part;
      return;
    }
    state.textContent = 'Stopped';
  }

  var examples = element('select', { id: 'example' }, element('option', { value: '' }, 'Choose one…'));
  window.__kepler_examples__.forEach(function (example) {
    examples.append(element('option', { value: example.search, title: example.about }, example.name));
  });
  examples.addEventListener('change', function () {
    if (examples.value === '') return;
    box.value = examples.value;
    box.focus();
  });

  var form = element('form', {}, [box, run, stop]);
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    search();
  });
  box.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    search();
  });
  stop.addEventListener('click', cancel);
  window.addEventListener('pagehide', function () {
    if (!current) return;
    fetch(config.SPLUNKD_PATH + '/services/search/jobs/' + current + '/control', {
      method: 'POST',
      keepalive: true,
      body: 'output_mode=json&action=cancel',
      headers: { 'X-Splunk-Form-Key': formKey(), 'Content-Type': 'application/x-www-form-urlencoded' },
    });
  });

  var page = element('main', { class: 'search' }, [
    element('h1', {}, 'Search'),
    element('label', { for: 'q' }, 'SPL: Enter runs it, Shift and Enter begins a new line'),
    form,
    element('div', {}, [
      element('label', { for: 'example' }, 'Example '),
      examples,
      element('label', { for: 'earliest' }, ' Time range, for searches of an index '),
      earliest,
    ]),
    state,
    messages,
    results,
  ]);
  window.__splunk_layout__.create({}).getContainerElement().append(page);
  var address = new URLSearchParams(window.location.search);
  box.value = address.get('q') || '';
  if (address.get('earliest')) earliest.value = address.get('earliest');
  if (box.value !== '') search();
  else box.focus();
})();
