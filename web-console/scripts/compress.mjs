// Leaves each text file of the built console compressed only, as the gateway answers with it.
// index.html stays as it is: the gateway writes a nonce into it.
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const built = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist');
const text = /\.(js|css|svg|json|txt|ttf|wasm)$/;

for (const name of await readdir(built, { recursive: true })) {
  if (!text.test(name)) continue;
  const file = path.join(built, name);
  const bytes = await readFile(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${file}.br`, brotliCompressSync(bytes, { params }));
  await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  await rm(file);
}
