import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib', 'node_modules', 'bundle'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      // Data is never markup: elements are made by ui/dom.ts, whose text nodes cannot be parsed.
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write'].map(property => ({ property, message: 'Make elements with ui/dom.ts.' }))
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "ImportDeclaration[source.value=/\\.\\.\\u002flab/]", message: 'ui/ knows no host.' }
      ],
      'no-eval': 'error',
      eqeqeq: 'error'
    }
  },
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } }
);
