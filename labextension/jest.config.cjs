/** Unit tests of what has no DOM, and of components in jsdom; whatever needs JupyterLab itself is tested in the real one (tests/browser). */
const modules = ['@codemirror', '@jupyter', '@jupyterlab', '@lumino', 'lib0', 'nanoid', 'y-protocols', 'yjs', 'exenv-es6', '@marijn', 'style-mod', 'w3c-keyname', 'crelt', '@lezer', '@microsoft', '@fortawesome', '@rjsf', 'lodash-es'].join('|');

module.exports = {
  testEnvironment: 'jsdom',
  testRegex: '\\.spec\\.tsx?$',
  roots: ['<rootDir>/src'],
  transform: { '\\.(ts|tsx|js|mjs)$': ['ts-jest', { diagnostics: false, tsconfig: { jsx: 'react', allowJs: true, esModuleInterop: true, module: 'commonjs', target: 'ES2021' } }] },
  moduleNameMapper: { '\\.(css|svg)$': '<rootDir>/empty.cjs' },
  transformIgnorePatterns: [`/node_modules/(?!(${modules}))`]
};
