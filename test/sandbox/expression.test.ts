import { bind, checkExpression } from '../../sandbox/spl/expression/evaluate.ts';
import { parseAssignments, parseExpression } from '../../sandbox/spl/expression/parser.ts';
import type { Value } from '../../sandbox/spl/expression/values.ts';
import { Batch } from '../../sandbox/table/batch.ts';

const ROW = Batch.fromCells(1, [
  ['n', ['5']],
  ['f', ['2.5']],
  ['s', ['text']],
  ['empty', [null]],
  ['m', [['a', 'b', 'c']]],
  ['predicted(y)', ['7']],
]);

const value = (text: string): Value => bind(parseExpression(text), ROW)(0);

test.each<[string, Value]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['-n + 1', -4],
  ['n - -1', 6],
  ['7 % 4', 3],
  ['1 / 0', null],
  ['n + "5"', 10],
  ['"a" + "b"', 'ab'],
  ['"a" + 1', null],
  ['n . f', '52.5'],
  ['"x" . empty', null],
  ['s." ".s', 'text text'],
  ["'predicted(y)' + 1", 8],
  ['n > 10', false],
  ['"5" < "10"', true],
  ['"b" > "a"', true],
  ['empty = 1', null],
  ['empty = 1 OR n = 5', true],
  ['empty = 1 AND n = 4', false],
  ['NOT n = 5', false],
  ['n = 5 XOR n = 5', false],
  ['n IN (1, 5)', true],
  ['in(n, 1, 2)', false],
  ['s LIKE "t%t"', true],
  ['like(s, "_ext")', true],
  ['m = "b"', true],
  ['if(n > 3, "big", "small")', 'big'],
  ['if(empty > 3, "big", "small")', 'small'],
  ['case(n < 3, "a", n < 9, "b", true(), "c")', 'b'],
  ['case(n < 3, "a")', null],
  ['coalesce(empty, null(), s)', 'text'],
  ['nullif(n, 5)', null],
  ['isnull(empty)', true],
  ['isnotnull(absent)', false],
  ['isnum(n)', true],
  ['isstr(s)', true],
  ['typeof(f)', 'Number'],
  ['round(2.5)', 3],
  ['round(-2.5)', -3],
  ['round(1.005, 2)', 1.01],
  ['round(1234.5678, 1)', 1234.6],
  ['abs(-3)', 3],
  ['floor(-1.5)', -2],
  ['ceiling(1.2)', 2],
  ['sqrt(9)', 3],
  ['sqrt(-1)', null],
  ['pow(2, 10)', 1024],
  ['exp(0)', 1],
  ['ln(1)', 0],
  ['log(1000)', 3],
  ['log(8, 2)', 3],
  ['sin(0) + cos(0)', 1],
  ['round(pi(), 4)', 3.1416],
  ['min(3, n, "1")', '1'],
  ['max(3, n, empty)', '5'],
  ['len("añ")', 2],
  ['lower("AbC")', 'abc'],
  ['upper("AbC")', 'ABC'],
  ['substr("abcdef", 2, 3)', 'bcd'],
  ['substr("abcdef", -2)', 'ef'],
  ['trim("  x ")', 'x'],
  ['match(s, "^t.x")', true],
  ['replace("a-b", "(\\w)-(\\w)", "\\2-\\1")', 'b-a'],
  ['tonumber("12") + 1', 13],
  ['tonumber("ff", 16)', 255],
  ['tonumber("x")', null],
  ['tostring(1234567.891, "commas")', '1,234,567.89'],
  ['tostring(3661, "duration")', '01:01:01'],
  ['split("a:b", ":")', ['a', 'b']],
  ['mvindex(m, -1)', 'c'],
  ['mvindex(m, 0, 1)', ['a', 'b']],
  ['mvindex(m, 9)', null],
  ['mvindex(split(mvindex(m, 0), ":"), 0)', 'a'],
  ['mvcount(m)', 3],
  ['mvcount(empty)', null],
  ['mvjoin(m, "-")', 'a-b-c'],
  ['mvappend(s, m)', ['text', 'a', 'b', 'c']],
  ['strftime(0, "%Y-%m-%d %H:%M:%S")', '1970-01-01 00:00:00'],
  ['strptime("2024-02-29 13:05:07.250", "%Y-%m-%d %H:%M:%S.%3N")', 1709211907.25],
  ['strptime("Feb 3, 2024 1:05 PM", "%b %d, %Y %I:%M %p")', 1706965500],
  ['strptime("2024-01-01T00:00:00+02:00", "%FT%T%z")', 1704060000],
  ['strptime("29.2.", "%Y-%m-%d")', null],
  ['relative_time(1709211907, "@d-1h")', 1709161200],
  ['mvfilter(match(m, "[ab]"))', ['a', 'b']],
  ['mvmap(m, m.n)', ['a5', 'b5', 'c5']],
  ['mvzip(m, split("1,2", ","), "=")', ['a=1', 'b=2']],
  ['cidrmatch("10.0.0.0/8", "10.9.8.7")', true],
  ['cidrmatch("10.0.0.0/8", "11.9.8.7")', false],
  ['if(searchmatch("s=te* n>4"), "yes", "no")', 'yes'],
  ['sha1("x")', '11f6ad8ec52a2984abaafd7c3b516503785c2072'],
])('%s is %j', (text, expected) => {
  expect(value(text)).toEqual(expected);
});

test('reads several assignments, also to quoted names', () => {
  expect(parseAssignments('a=1, "b c"=2, \'d\'=a').map(({ name }) => name)).toEqual(['a', 'b c', 'd']);
  expect(parseAssignments('"b\\\\c \\"q\\""=1')[0].name).toBe('b\\c "q"');
});

test.each([
  ['1 +', /A value was expected at its end/],
  ['(1', /'\)' was expected/],
  ['1 2', /malformed before '2'/],
  ['nosuch(1)', /function 'nosuch'/],
  ['round()', /'round' takes 1 to 2 argument/],
  ['a # b', /cannot be read at '# b'/],
])('%s is refused', (text, problem) => {
  expect(() => checkExpression(parseExpression(text))).toThrow(problem);
});

test('a field with brackets that is not quoted is told how to be', () => {
  expect(() => value('predicted(y)=7')).toThrow("stands in single quotes: 'predicted(…)'");
});
