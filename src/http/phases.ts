/** Phases of a request in the order of `Observation.phasesUs`. */
export const httpPhases = ['blocked', 'dns', 'connecting', 'tls', 'sending', 'waiting', 'receiving'] as const

/** Positions of the phases. */
export const phase = { blocked: 0, dns: 1, connecting: 2, tls: 3, sending: 4, waiting: 5, receiving: 6 } as const

/** How long the phases of a request took, in milliseconds; 0 where one did not take place. */
export interface Timings {
  /** Waiting for a connection, the time of establishing one not included. */
  readonly blocked: number
  readonly dns: number
  readonly connecting: number
  readonly tls: number
  readonly sending: number
  /** From the request's last byte to the answer's first. */
  readonly waiting: number
  readonly receiving: number
  /** From the call to the answer's last byte. After redirects: of the last request. */
  readonly duration: number
}

/** Names the phases held in an array of microseconds. */
export function toTimings(phasesUs: readonly number[], durationUs: number): Timings {
  const milliseconds = (position: number): number => Math.max(0, phasesUs[position] ?? 0) / 1000
  return {
    blocked: milliseconds(phase.blocked),
    dns: milliseconds(phase.dns),
    connecting: milliseconds(phase.connecting),
    tls: milliseconds(phase.tls),
    sending: milliseconds(phase.sending),
    waiting: milliseconds(phase.waiting),
    receiving: milliseconds(phase.receiving),
    duration: durationUs / 1000,
  }
}

/** A copy of the phases for whoever asks for them later. Element by element: spreading goes through an iterator. */
export function copyPhases(us: Float64Array): readonly number[] {
  return [us[0] ?? -1, us[1] ?? -1, us[2] ?? -1, us[3] ?? -1, us[4] ?? -1, us[5] ?? -1, us[6] ?? -1]
}
