// jupyter_mlops/server/schemas/api.json → src/api/generated.ts; `--check` only says whether the file is fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const SCHEMA = new URL('../jupyter_mlops/server/schemas/api.json', import.meta.url);
const TYPES = new URL('src/api/generated.ts', import.meta.url);

const made = await compile(JSON.parse(readFileSync(SCHEMA, 'utf8')), 'Api', {
  bannerComment: '// Made by `npm run types` from jupyter_mlops/server/schemas/api.json. Change that.',
  style: { singleQuote: true, trailingComma: 'none' }
});
if (!process.argv.includes('--check')) {
  writeFileSync(TYPES, made);
} else if (readFileSync(TYPES, 'utf8') !== made) {
  console.error('src/api/generated.ts is not what the schema says: run `npm run types`');
  process.exit(1);
}
