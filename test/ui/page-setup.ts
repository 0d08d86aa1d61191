/** What Splunk Web gives a page before its script runs; to be imported before anything of the pages. */
import { configure } from '@testing-library/dom';

// Not the second that it has: what is waited for decides, not how long a busy machine takes.
configure({ asyncUtilTimeout: 200_000 });
Object.assign(window, {
  $C: {
    LOCALE: 'en-US',
    MRSPARKLE_PORT_NUMBER: '8000',
    MRSPARKLE_ROOT_PATH: '',
    SPLUNKD_PATH: '/en-US/splunkd/__raw',
    USERNAME: 'admin',
    BUILD_NUMBER: '1',
    BUILD_PUSH_NUMBER: 0,
  },
});
document.cookie = 'splunkweb_csrf_token_8000=form-key';
window.history.replaceState(null, '', '/en-US/app/kepler/runtimes');
