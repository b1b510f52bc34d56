import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const limitMs = 50_000

// An `@ts-expect-error` that no longer meets an error is a diagnostic too; so is a folder without any file to check.
it('infers what a spec relies on, and refuses what is misspelt', async () => {
  const { exitCode, diagnostics } = await typeCheck('test/types/tsconfig.json')

  expect(diagnostics).toBe('')
  expect(exitCode).toBe(0)
})

async function typeCheck(project: string): Promise<{ exitCode: unknown; diagnostics: string }> {
  const command = ['node_modules/typescript/bin/tsc', '--project', project, '--noEmit', '--pretty', 'false']
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: repository, timeout: limitMs }, (error, stdout, stderr) => {
      const ended = error === null ? 0 : (error.code ?? error.signal ?? error.message)
      resolve({ exitCode: ended, diagnostics: `${stdout}${stderr}`.trim() })
    })
  })
}
