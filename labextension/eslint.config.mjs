import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['src/api/generated.ts'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['error'] }],
      // Signals and commands take functions that return a promise.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      // An interface says it is one by its name, as JupyterLab's do.
      '@typescript-eslint/naming-convention': ['error', { selector: 'interface', format: ['PascalCase'], filter: { regex: 'generated', match: false }, prefix: ['I'] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // JupyterLab's own idiom for what belongs to a token or class.
      '@typescript-eslint/no-namespace': 'off',
      // Event handlers of one expression.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  { files: ['src/**/*.spec.ts', 'src/**/*.spec.tsx'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } }
);
