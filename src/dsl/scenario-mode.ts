/** What a scenario's or a mix's chain says. */
export interface Mode {
  readonly skip?: boolean
  readonly only?: boolean
  readonly todo?: boolean
  readonly concurrent?: boolean
}
