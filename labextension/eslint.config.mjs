import tseslint from 'typescript-eslint';

const markup = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'dangerouslySetInnerHTML'];
const rules = {
  'max-lines': ['error', 300],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  // Data is never markup: elements are made of JSX or by `document.createElement`.
  'no-restricted-properties': [
    'error',
    ...markup.map(property => ({ property, message: 'Text stays text: use JSX.' }))
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
      message: 'Text stays text: use JSX.'
    },
    {
      selector:
        ':matches(ClassDeclaration, ClassExpression) :matches(PropertyDefinition, MethodDefinition, TSParameterProperty)[accessibility="private"]',
      message: 'What is private begins with #.'
    }
  ],
  '@typescript-eslint/consistent-type-imports': 'error',
  // What awaits nothing may be a function of an interface that does.
  '@typescript-eslint/require-await': 'off',
  // Props are functions; none of them has a `this` to lose.
  '@typescript-eslint/unbound-method': 'off',
  'no-eval': 'error',
  eqeqeq: 'error'
};

/** The folders that one of `src/` may not import: data flows from ui to screens to hosts. */
const layer = (files, ...forbidden) => ({
  files: [files],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: forbidden.map(folder => ({
          group: [`**/${folder}/**`],
          message: `${files} knows nothing of ${folder}/.`
        }))
      }
    ]
  }
});

export default tseslint.config(
  { ignores: ['lib', 'node_modules', 'bundle', '**/*.gen.ts', '*.mjs', '*.config.*'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    }
  },
  { rules },
  layer('src/ui/**', 'screens', 'lab', 'widget'),
  layer('src/screens/**', 'lab', 'widget'),
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } }
);
