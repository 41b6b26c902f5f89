// Makes src/contract.ts from protocol/openapi.yaml: the types of every shape, and where each operation lives.
// `npm run generate` writes it, the drift test makes it again and compares.
import openapiTS, { astToString } from 'openapi-typescript';
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';

const CONTRACT = new URL('../../protocol/openapi.yaml', import.meta.url);
const TARGET = new URL('./src/contract.ts', import.meta.url);
const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

const HEADER = `// Made from protocol/openapi.yaml. Don't edit it; refresh it with \`npm run generate\` in web/.
/* eslint-disable */

`;

export async function generated() {
  const types = astToString(await openapiTS(CONTRACT, { defaultNonNullable: false, rootTypes: false }));
  const contract = parse(await readFile(CONTRACT, 'utf8'));
  const places = Object.entries(contract.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => [item[method].operationId, method.toUpperCase(), path]),
  );
  const rows = places.map(([id, method, path]) => `  ${id}: ['${method}', '${path}'],`).join('\n');
  return `${HEADER}${types}
/** Where each operation of the contract lives. */
export const places = {
${rows}
} as const satisfies Record<keyof operations, readonly [string, keyof paths]>;
`;
}

export const target = TARGET;

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await writeFile(TARGET, await generated());
}
