// Documents as YAML, as the canvas writes them.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { yamlOf } from '../../../../src/screens/designer/written/yaml';

it('writes what people would write', () => {
  const tree = {
    aml_magics: 1,
    pipeline: {
      name: 'two steps',
      steps: { a: { type: 'CommandStep', command: ['echo', '--x', 'input:raw', '.'], inputs: {} } },
      missing: undefined
    },
    layout: { a: [12, -3.5] }
  };

  expect(yamlOf(tree)).toBe(`aml_magics: 1
pipeline:
  name: two steps
  steps:
    a:
      type: CommandStep
      command:
      - echo
      - --x
      - input:raw
      - .
      inputs: {}
layout:
  a: [12, -3.5]
`);
});

it('writes the words that readers would take for something else as texts', () => {
  const words = [
    'yes',
    'null',
    '0.10',
    '1e5',
    '12:30',
    '- a',
    'a: b',
    'a #b',
    '',
    ' a',
    'x:',
    '2020-01-01',
    '~',
    '-'
  ];

  for (const word of words) {
    expect(yamlOf({ word })).toBe(`word: ${JSON.stringify(word)}\n`);
  }
  expect(yamlOf({ a: 'x\u2028\u0085y' })).toBe('a: "x\\u2028\\u0085y"\n');
  expect(yamlOf({ numbers: [1e21, 1.5e-7, 3] })).toBe('numbers:\n- 1.0e+21\n- 1.5e-7\n- 3\n');
  expect(yamlOf({ a: [[{ b: 1, c: [] }, 'x']], none: null, t: true })).toBe(
    'a:\n- - b: 1\n    c: []\n  - x\nnone: null\nt: true\n'
  );
});

it('writes hostile texts on one line each', () => {
  const hostile = JSON.parse(readFileSync('../tests/data/hostile_text.json', 'utf8')) as Record<
    string,
    string[]
  >;
  const words = Object.values(hostile).flat();

  expect(yamlOf({ words }).split('\n')).toHaveLength(words.length + 2);
});
