import { parseKepler, parseKeplerctl } from '../../splunk_app/src/commands/catalogue-arguments.ts';

const kepler = (args: string) => {
  const { noun, ...rest } = parseKepler(args, false);
  return { noun: noun.name, ...rest };
};
const keplerctl = (args: string) => {
  const { verb, ...rest } = parseKeplerctl(args, false);
  return { verb: verb.name, ...rest };
};

describe('kepler', () => {
  it.each([
    ['models', { noun: 'models', options: {} }],
    ['models owner="o brien"', { noun: 'models', options: { owner: 'o brien' } }],
    ['versions app:iris@3', { noun: 'versions', name: 'app:iris@3', options: {} }],
    ['versions "iris" file = onnx', { noun: 'versions', name: 'iris', options: { file: 'onnx' } }],
    ['runs iris since=-24h span=1h', { noun: 'runs', name: 'iris', options: { since: '-24h', span: '1h' } }],
    ['runtimes main logs=100', { noun: 'runtimes', name: 'main', options: { logs: '100' } }],
  ])('%s', (args, request) => expect(kepler(args)).toEqual(request));

  it.each([
    ['', /the noun is missing/],
    ['modles', /Did you mean models\?/],
    ['MODELS', /Did you mean models\?/],
    ['versions', /versions needs <model>.* Usage: \| kepler versions <model>/],
    ['versions a b', /takes one name; b cannot stand/],
    ['runs kid=fit', /Did you mean kind\?/],
    ['metrics m plot=rok', /Did you mean roc\?/],
    ['models "iris', /never closed/],
    ['models [search x]', /was not run as a subsearch/],
    ['jobs x count=1', /2 problems: \(1\) jobs takes no name.*\(2\) jobs has no option count/],
  ])('refuses %j', (args, message) => expect(() => kepler(args)).toThrow(message));

  it('lets a probe have subsearches', () =>
    expect(() => parseKepler('models [search x]', true)).not.toThrow());
});

describe('keplerctl', () => {
  it.each([
    ['promote iris@2', { verb: 'promote', name: 'iris@2', options: {} }],
    [
      'alias iris@2 name=blue remove=t',
      { verb: 'alias', name: 'iris@2', options: { name: 'blue', remove: 't' } },
    ],
    [
      'runtime start main cpu=2 memory=4g',
      { verb: 'runtime start', name: 'main', options: { cpu: '2', memory: '4g' } },
    ],
    [
      'set maxRows=5 hec.url=https://h:8088',
      { verb: 'set', options: { maxRows: '5', 'hec.url': 'https://h:8088' } },
    ],
    ['set hec.url="https://h:8088"', { verb: 'set', options: { 'hec.url': 'https://h:8088' } }],
    ['set maxRows=""', { verb: 'set', options: { maxRows: '' } }],
    ['set __proto__=1', { verb: 'set', options: JSON.parse('{"__proto__":"1"}') as object }],
  ])('%s', (args, request) => expect(keplerctl(args)).toEqual(request));

  it.each([
    ['', /the verb is missing/],
    ['promot iris@1', /Did you mean promote\?/],
    ['runtime', /there is no verb "runtime"/],
    ['runtime strat main', /Did you mean runtime start\?/],
    ['runtime start', /runtime start needs <runtime>/],
    ['promote iris', /needs a version/],
    ['share iris to=world', /one of app, private/],
    ['set x', /set takes no name/],
  ])('refuses %j', (args, message) => expect(() => keplerctl(args)).toThrow(message));
});
