import { createRequire } from 'node:module'

const manifest = createRequire(import.meta.url)('vitest-load/package.json') as { readonly version: string }

/** Version of this package; found by its own name, so that sources and compiled code need not know where they stand. */
export const version: string = manifest.version
