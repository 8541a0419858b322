import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { renderLine, type LineState } from '../src/line.ts';

const base: LineState = {
  description: '',
  count: 9,
  total: 20,
  unit: 'it',
  unitScale: false,
  elapsed: 1.76,
  rate: 5.1,
  postfix: '',
};
const line = (state: Partial<LineState>, columns?: number) =>
  renderLine({ ...base, ...state }, columns);

describe('without a width', () => {
  test.for<[string, Partial<LineState>, string]>([
    ['plain', {}, ' 45% 9/20 [00:01<00:02, 5.1it/s]'],
    [
      'description and postfix',
      { description: 'flags', postfix: 'BR' },
      'flags:  45% 9/20 [00:01<00:02, 5.1it/s, BR]',
    ],
    ['unknown total', { total: undefined }, '9it [00:01, 5.1it/s]'],
    [
      'unknown total, texts',
      { total: undefined, description: 'flags', postfix: 'BR' },
      'flags: 9it [00:01, 5.1it/s, BR]',
    ],
    ['total 0', { total: 0, count: 0, rate: 0 }, '0it [00:01, ?it/s]'],
    ['more than the total', { count: 21 }, '21it [00:01, 5.1it/s]'],
    [
      'a fraction more than the total',
      { count: 20.1 },
      '100% 20.1/20 [00:01<00:00, 5.1it/s]',
    ],
    [
      'nothing yet',
      { count: 0, rate: 0, elapsed: 0 },
      '  0% 0/20 [00:00<?, ?it/s]',
    ],
    [
      'nearly done is not 100%',
      { count: 999, total: 1000 },
      ' 99% 999/1000 [00:01<00:00, 5.1it/s]',
    ],
    ['a negative count', { count: -1 }, '  0% -1/20 [00:01<00:04, 5.1it/s]'],
    ['done', { count: 20 }, '100% 20/20 [00:01<00:00, 5.1it/s]'],
    [
      'sums of fractions',
      { count: 0.1 + 0.2, total: 1 },
      ' 30% 0.3/1 [00:01<00:00, 5.1it/s]',
    ],
    [
      'just below one a second',
      { rate: 0.999 },
      ' 45% 9/20 [00:01<00:11, 1.0s/it]',
    ],
    ['one a second', { rate: 1 }, ' 45% 9/20 [00:01<00:11, 1.0it/s]'],
    ['slow', { rate: 0.004 }, ' 45% 9/20 [00:01<45:50, 250s/it]'],
    ['fast', { rate: 12345.6 }, ' 45% 9/20 [00:01<00:00, 12346it/s]'],
    ['an hour', { elapsed: 3599.9 }, ' 45% 9/20 [59:59<00:02, 5.1it/s]'],
    [
      'hours',
      { elapsed: 93784, rate: 0.001 },
      ' 45% 9/20 [26:03:04<3:03:20, 1000s/it]',
    ],
    [
      'another unit',
      { unit: 'flag', total: undefined },
      '9flag [00:01, 5.1flag/s]',
    ],
  ])('%s', ([, state, expected]) => {
    expect(line(state)).toBe(expected);
  });

  test.for<[number, string]>([
    [0, '0B'],
    [999, '999B'],
    [999.6, '1.00kB'],
    [1000, '1.00kB'],
    [9994, '9.99kB'],
    [9996, '10.0kB'],
    [12_345, '12.3kB'],
    [99_949, '99.9kB'],
    [99_960, '100kB'],
    [999_499, '999kB'],
    [999_500, '1.00MB'],
    [4.5e9, '4.50GB'],
    [2e21, '2000EB'],
  ])('%d scaled is %s', ([count, expected]) => {
    expect(line({ count, total: undefined, unit: 'B', unitScale: true })).toBe(
      `${expected} [00:01, 5.10B/s]`,
    );
  });

  test('the total and the rate are scaled too', () => {
    expect(
      line({
        count: 5e6,
        total: 1e8,
        unit: 'B',
        unitScale: true,
        rate: 1.23e6,
      }),
    ).toBe('  5% 5.00M/100M [00:01<01:17, 1.23MB/s]');
  });
});

describe('with a width', () => {
  test.for<[number, string]>([
    [60, 'desc:  45%|███████▏        | 9/20 [00:01<00:02, 5.1it/s, ok]'],
    [54, 'desc:  45%|████▌     | 9/20 [00:01<00:02, 5.1it/s, ok]'],
    [53, 'desc:  45%|█████▊       | 9/20 [00:01<00:02, 5.1it/s]'],
    [50, 'desc:  45%|████▌     | 9/20 [00:01<00:02, 5.1it/s]'],
    [43, 'desc:  45%|█▎ | 9/20 [00:01<00:02, 5.1it/s]'],
    [42, 'desc:  45% 9/20 [00:01<00:02, 5.1it/s, ok]'],
    [38, 'desc:  45% 9/20 [00:01<00:02, 5.1it/s]'],
    [37, 'de…:  45% 9/20 [00:01<00:02, 5.1it/s]'],
    [32, ' 45% 9/20 [00:01<00:02, 5.1it/s]'],
    [20, ' 45% 9/20 [00:01<00…'],
    [2, ' …'],
    [1, ''],
  ])('%d columns', ([columns, expected]) => {
    expect(line({ description: 'desc', postfix: 'ok' }, columns)).toBe(
      expected,
    );
  });

  test.for<[number, string]>([
    [
      80,
      'a long description of what is bei…:  45%|████▌     | 9/20 [00:01<00:02, 5.1it/s]',
    ],
    [60, 'a long descriptio…:  45%|██▋   | 9/20 [00:01<00:02, 5.1it/s]'],
    [50, 'a long descript…:  45% 9/20 [00:01<00:02, 5.1it/s]'],
  ])('a long description in %d columns', ([columns, expected]) => {
    const description = 'a long description of what is being done';
    expect(line({ description, postfix: 'ok' }, columns)).toBe(expected);
  });

  test.for<[number, string]>([
    [0, '|        |'],
    [1, '|        |'],
    [2, '|▏       |'],
    [15, '|▉       |'],
    [16, '|█       |'],
    [64, '|████    |'],
    [127, '|███████▉|'],
    [128, '|████████|'],
  ])('%d of 128 in eight cells', ([count, expected]) => {
    const width = renderLine({ ...base, count, total: 128 }).length + 10;
    expect(renderLine({ ...base, count, total: 128 }, width)).toContain(
      expected,
    );
  });

  const hard = [
    '',
    'a'.repeat(200),
    '古今和歌集'.repeat(9),
    '🇧🇷🇵🇹'.repeat(9),
    '👩‍👩‍👧‍👦'.repeat(9),
    'e\u0301'.repeat(60),
  ];
  test('any texts at any width fit, to the column when there is a bar', () => {
    for (const description of hard)
      for (const postfix of hard)
        for (const total of [20, undefined])
          for (let columns = 0; columns <= 120; columns += 5) {
            const text = line({ description, postfix, total }, columns);
            expect(stringWidth(text)).toBeLessThanOrEqual(columns);
            expect(text.length).toBeLessThanOrEqual(columns);
            if (description === '' && postfix === '' && text.includes('|'))
              expect(text.length).toBe(columns);
          }
  });

  test('graphemes are not cut', () => {
    const text = line({ description: '🇧🇷'.repeat(30) }, 60);
    expect(text).toMatch(/^(?:🇧🇷)+…: /u);
  });
});

test('texts cannot leave the line', () => {
  const text = line({
    description: 'a\nb\rc\u001B[2J\td',
    postfix: 'e\u202Ef\u2028g\u0085h',
  });
  expect(text).toBe('a b c d:  45% 9/20 [00:01<00:02, 5.1it/s, e f g h]');
});
