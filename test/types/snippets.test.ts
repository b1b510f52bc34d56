import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const documents = globSync(['README.md', '{bench,docs,examples}/**/*.md'], { cwd: repository })

it('type-checks every TypeScript snippet of the documents', () => {
  const folder = join(repository, 'test/types/.snippets')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const snippets = documents.flatMap((document) => snippetsOf(document))
  for (const [index, snippet] of snippets.entries()) writeFileSync(join(folder, `snippet-${index}.ts`), snippet)
  const config = {
    extends: '../../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false },
    include: ['*.ts'],
    exclude: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(repository, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--noEmit'], { encoding: 'utf8', cwd: folder })
  expect(stdout).toBe('')
  expect(snippets.length).toBeGreaterThan(3)
  rmSync(folder, { recursive: true, force: true })
})

function snippetsOf(document: string): string[] {
  const text = readFileSync(join(repository, document), 'utf8')
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => `${match[1] ?? ''}\nexport {}\n`)
}
