import type { Vitest } from 'vitest/node'

const signals = { SIGINT: 2, SIGTERM: 15 } as const
type Signal = keyof typeof signals

/** Who holds the signals of a Vitest instance: several specs in a row, or projects at once. */
interface Hold {
  holders: number
  readonly release: () => void
}

const holds = new WeakMap<Vitest, Hold>()

/**
 * Lets an interrupt (Ctrl-C, or what a CI service sends) end the loads gracefully instead of losing their results:
 * Vitest itself exits at once. A second one is left to whoever listened before. Returns a function that lets go.
 */
export function holdInterrupts(vitest: Vitest): () => void {
  const hold = holds.get(vitest) ?? takeSignals(vitest)
  hold.holders += 1
  let held = true
  return () => {
    if (!held) return
    held = false
    hold.holders -= 1
    if (hold.holders > 0) return
    hold.release()
    holds.delete(vitest)
  }
}

function takeSignals(vitest: Vitest): Hold {
  let cancelled = false
  const restore: (() => void)[] = [
    vitest.onCancel((reason) => {
      if (reason === 'keyboard-input') cancelled = true
    }),
  ]
  const release = (): void => {
    for (const undo of restore.splice(0)) undo()
  }
  const interrupt = (signal: Signal): void => {
    // What comes next is not ours any more: it ends the process.
    release()
    if (cancelled) {
      process.kill(process.pid, signal)
      return
    }
    process.once('exit', () => (process.exitCode = 128 + signals[signal]))
    vitest.logger.error('\nStopping: running iterations may end within their graceful stop. Once more stops at once.\n')
    void cancel(vitest)
  }
  for (const signal of Object.keys(signals) as Signal[]) {
    const others = process.listeners(signal)
    const listener = (): void => interrupt(signal)
    process.removeAllListeners(signal)
    process.on(signal, listener)
    restore.push(() => {
      process.off(signal, listener)
      for (const other of others) process.on(signal, other)
    })
  }
  const hold = { holders: 0, release }
  holds.set(vitest, hold)
  return hold
}

async function cancel(vitest: Vitest): Promise<void> {
  await vitest.cancelCurrentRun('keyboard-input')
  if (vitest.config.watch) await vitest.exit(true)
}
