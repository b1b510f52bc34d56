import { readdirSync, readFileSync } from 'node:fs'

const sampleIntervalMs = 50
const kibibyte = 1024

/** Watches a process and all that it starts. The function returned ends that, and gives the most memory they had together, in bytes. */
export function watchMemory(pid: number | undefined): () => number {
  let peakBytes = Number.NaN
  const timer = setInterval(() => {
    const bytes = pid === undefined ? 0 : residentBytes(pid)
    if (bytes > 0) peakBytes = Math.max(bytes, Number.isNaN(peakBytes) ? 0 : peakBytes)
  }, sampleIntervalMs)
  return () => {
    clearInterval(timer)
    return peakBytes
  }
}

/** Resident memory of a process and its descendants, in bytes; 0 where the system does not tell. */
export function residentBytes(pid: number): number {
  const own = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? '0'
  return childrenOf(pid).reduce((sum, child) => sum + residentBytes(child), Number(own) * kibibyte)
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid)
    .flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).trim().split(' '))
    .filter((text) => text !== '')
    .map(Number)
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** A process may end at any time. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
