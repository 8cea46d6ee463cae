// Comments of a document, which outlive edits on the canvas.
import { expect, it } from 'vitest';
import { commentsOf, withComments } from '../../../../src/screens/designer/written/comments';
import { yamlOf } from '../../../../src/screens/designer/written/yaml';

const TEXT = `# Ours, since 2024.

pipeline:
  name: x # not y
  # What cleans.
  steps:
      # The first: "it's" hard.
      'a':
        type: CommandStep
        command:
          # it lists
          - ls   # all
          - "a # b"
      b: {type: CommandStep}
  description: |
    # no comment
    text
# the end
`;
const a = { type: 'CommandStep', command: ['ls', 'a # b'] };
const pipeline = { name: 'z', steps: { a, b: { type: 'CommandStep' } }, description: '# no' };

it('stay at their lines, though values change', () => {
  expect(withComments(yamlOf({ pipeline }), commentsOf(TEXT))).toBe(`# Ours, since 2024.

pipeline:
  name: z # not y
  # What cleans.
  steps:
    # The first: "it's" hard.
    a:
      type: CommandStep
      command:
      # it lists
      - ls # all
      - "a # b"
    b:
      type: CommandStep
  description: "# no"
# the end
`);
});

it('go with what they belong to', () => {
  const written = withComments(yamlOf({ pipeline: { steps: {} } }), commentsOf(TEXT));

  expect(written).toBe(
    '# Ours, since 2024.\n\npipeline:\n  # What cleans.\n  steps: {}\n# the end\n'
  );
});

it('are the same when they are read again', () => {
  const once = withComments(yamlOf({ pipeline }), commentsOf(TEXT));

  expect(withComments(yamlOf({ pipeline }), commentsOf(once))).toBe(once);
});

it('change nothing of a document without any', () => {
  const text = yamlOf({ pipeline: { steps: { a: { arguments: ['#', 'a #b', 'x#y'] } } } });

  expect(commentsOf(text).size).toBe(0);
  expect(withComments(text, new Map())).toBe(text);
});

it('are none in words that are quoted or joined', () => {
  expect(commentsOf(`a: "x # y"\nb: 'it''s # z'\nc: d#e\n`).size).toBe(0);
});
