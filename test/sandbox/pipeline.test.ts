import { parseArguments, splitRaw } from '../../sandbox/spl/arguments.ts';
import { parseSearch } from '../../sandbox/spl/pipeline.ts';

const names = (search: string) => parseSearch(search).commands.map((command) => command.name);

test('cuts at pipes outside quotes and brackets', () => {
  const search = '| inputlookup x.csv | eval a="x|y" | join k [summary m | where c>=16] | FIT A b from "c]d"';
  expect(names(search)).toEqual(['inputlookup', 'eval', 'join', 'fit']);
  const [, , join] = parseSearch(search).commands;
  expect(join.parts[1]).toMatchObject({ text: 'summary m | where c>=16' });
});

test('takes text without a pipe in front as terms, and drops comments', () => {
  expect(names('error | stats count')).toEqual(['search', 'stats']);
  expect(names('```a | b``` | makeresults ```why``` | head 1')).toEqual(['makeresults', 'head']);
});

test('keeps escaped quotes', () => {
  expect(parseSearch('| fit A "x\\"|y"').commands[0].parts).toEqual([' A "x\\"|y"']);
});

test.each([
  ['', /empty/],
  ['| ', /A command is missing behind pipe 1/],
  ['| head 1 | | tail', /A command is missing behind pipe 2/],
  ['| eval a="x', /quotation mark at position 10/],
  ['| append [search x', /no closing '\]'/],
  ['| head ]', /Unbalanced '\]'/],
  ['| 3head', /A command's name was expected behind the pipe, not '3head'/],
])('%j is refused', (search, problem) => {
  expect(() => parseSearch(search)).toThrow(problem);
});

test('splits arguments as splunkd hands them over', () => {
  const words = splitRaw('a=one b = "two words" c="x y" "a, b",\td');
  expect(words.map((word) => word.raw)).toEqual([
    'a=one',
    'b',
    '=',
    '"two words"',
    'c="x y"',
    '"a, b",',
    'd',
  ]);
  expect(words.map((word) => word.text)).toEqual(['a=one', 'b', '=', 'two words', 'c=x y', 'a, b,', 'd']);
});

test('reads options with blanks around the sign, and commas as blanks', () => {
  const { options, words } = parseArguments('count = 5 a,b "c d" e=f', ['count']);
  expect([...options]).toEqual([['count', '5']]);
  expect(words.map((word) => word.text)).toEqual(['a', 'b', 'c d', 'e=f']);
});
