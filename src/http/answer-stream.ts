/** Takes the body of an answer while it comes. */
export interface AnswerStream {
  /** Whether the answer's headers have come, and its body goes to the reader. */
  readonly hasBegun: boolean
  /** Whether the end of the transfer is what the reader wanted. */
  readonly hasLeft: boolean
  /** Whether the sender is made to wait for the reader. */
  readonly isPaused: boolean
  /** Headers have come. */
  begin(): void
  take(chunk: Buffer): void
  /** The exchange is done. */
  end(): void
}
