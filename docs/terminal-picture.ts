import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { renderPicture } from './picture/svg.ts'

// Draws docs/terminal.svg: what the load of one spec of the example prints, with the colours of a terminal.

const repository = fileURLToPath(new URL('..', import.meta.url))
const picture = fileURLToPath(new URL('terminal.svg', import.meta.url))
const spec = 'specs/store/shopping-flow.spec.ts'
/** Where nothing is known of a terminal, lines have this length. */
const columns = 100
const limitMs = 120_000

const output = await runLoad()
const lines = output.split('\n').map((line) => line.trimEnd())
const shown = [
  ...lines.slice(findLine(lines, /^ [✓❯] .*\.spec\.ts \(/), findLine(lines, /^ +Test Files /)),
  ...lines.slice(findLine(lines, /^ \S.* ─+ /)),
]
const title = `npx vitest run --project load ${spec}`
const description = `Terminal: ${title}, with its report of rates, latencies and objectives`
await writeFile(picture, renderPicture(dropDoubled(shown).join('\n'), { title, description, columns }))

/** Prints with colours although nobody looks: sixteen, and no live line. */
function runLoad(): Promise<string> {
  const flags = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'load', spec, '--reporter=default']
  const env = { ...neutralEnvironment(process.env), FORCE_COLOR: '1', LOAD_VUS: '20', LOAD_DURATION: '12s' }
  const child = spawn(process.execPath, flags, {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: limitMs,
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(text)
      else reject(new Error(`The load failed with ${code}: the picture stays as it was.\n${text}`))
    })
  })
}

/** Variables of this terminal or machine that would change what is printed. */
function neutralEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:NO_COLOR|CI|GITHUB_|LOAD|VITEST|COLUMNS)/.test(name)),
  )
}

function findLine(all: readonly string[], pattern: RegExp): number {
  const index = all.findIndex((line) => pattern.test(stripVTControlCharacters(line)))
  if (index === -1) throw new Error(`No line of the output matches ${String(pattern)}: the picture stays as it was.`)
  return index
}

/** Of several empty lines, one. */
function dropDoubled(all: readonly string[]): string[] {
  return all.filter((line, index) => line !== '' || all[index - 1] !== '')
}
