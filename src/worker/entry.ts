import { enableCompileCache } from 'node:module'

// A quarter of what a thread takes to start is compiling modules that have not changed since the last run. Where they are kept
// is Node's business, and so are NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE. What is imported statically is
// compiled before a line of this file runs.
enableCompileCache()
await import('./thread.ts')
