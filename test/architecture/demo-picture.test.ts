import { lastStates, picture, pieces } from '../../docs/make-demo-picture.ts';

test('of a progress line its last state is shown, and empty lines once', () => {
  expect(lastStates('a\r\n10 %\r\u001b[2K20 %\r\u001b[2Kdone\n\n\n\nb')).toEqual(['a', 'done', '', 'b']);
});

test('styles become spans, and markup in the text is escaped', () => {
  expect(pieces('\u001b[1mx\u001b[0m y \u001b[31mno\u001b[0m')).toEqual([
    { text: 'x', bold: true, dim: false, colour: undefined },
    { text: ' y ', bold: false, dim: false, colour: undefined },
    { text: 'no', bold: false, dim: false, colour: '#ff7b72' },
  ]);
  expect(picture(['a < b & c'])).toContain('a &lt; b &amp; c');
});

test('a long line is cut', () => {
  expect(pieces('x'.repeat(300)).map((piece) => piece.text.length)).toEqual([120]);
});
