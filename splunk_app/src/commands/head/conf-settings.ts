/** Settings of kepler.conf that `keplerctl set` takes, and `kepler settings` shows. */
export interface ConfSetting {
  readonly setting: string;
  readonly stanza: string;
  readonly key: string;
  readonly standard: string;
  readonly about: string;
  /** What is wrong with a value, or undefined. */
  readonly problem: (value: string) => string | undefined;
}

const seconds = (value: string) =>
  Number(value) > 0 && Number.isFinite(Number(value)) ? undefined : 'must be a number above 0';
const address = (value: string) =>
  /^https?:\/\/[^\s/]+/.test(value) ? undefined : 'must be an address: https://<host>:8088';

/** The stanza of what each runtime has for itself. */
const EACH = 'runtime:';

/** The stanza of a setting, for a runtime. */
export const stanzaOf = ({ stanza }: ConfSetting, runtime: string): string =>
  stanza === EACH ? EACH + runtime : stanza;

export const CONF_SETTINGS: readonly ConfSetting[] = [
  {
    setting: 'hec.url',
    stanza: 'hec',
    key: 'url',
    standard: '',
    about: 'where the runtime sends its events: the HTTP Event Collector’s address',
    problem: address,
  },
  {
    setting: 'connect_timeout',
    stanza: EACH,
    key: 'connect_timeout',
    standard: '5',
    about: 'seconds to open a connection to the runtime',
    problem: seconds,
  },
  {
    setting: 'reply_timeout',
    stanza: EACH,
    key: 'reply_timeout',
    standard: '120',
    about: 'seconds without a byte from the runtime while it owes a reply',
    problem: seconds,
  },
  {
    setting: 'work_timeout',
    stanza: EACH,
    key: 'work_timeout',
    standard: '3600',
    about: 'the same for the last reply of fit, score and sample',
    problem: seconds,
  },
  {
    setting: 'max_chunk_mb',
    stanza: EACH,
    key: 'max_chunk_mb',
    standard: '256',
    about: 'megabytes of one chunk of rows that the commands take',
    problem: (value) =>
      Number(value) > 0 && Number(value) <= 1024 ? undefined : 'must be above 0 and at most 1024',
  },
];
