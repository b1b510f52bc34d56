interface VitestWorker {
  readonly config?: { readonly root?: string }
}

/** The root of the Vitest project that this thread works for; the working directory where Vitest tells none. */
export function projectRoot(): string {
  const { __vitest_worker__: worker } = globalThis as { readonly __vitest_worker__?: VitestWorker }
  return worker?.config?.root ?? process.cwd()
}
