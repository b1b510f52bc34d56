import type { Socket } from 'node:net'
import type { CloseReason } from '../metrics/connection-counts.ts'

/** What undici destroys a socket with when it has no failure to tell. */
const byMessage: Readonly<Record<string, CloseReason>> = {
  aborted: 'cut',
  'socket idle timeout': 'idle',
}

/** Limits of ours that an answer has exceeded, and the end of its client. */
const byCode: Readonly<Record<string, CloseReason>> = {
  UND_ERR_HEADERS_TIMEOUT: 'cut',
  UND_ERR_BODY_TIMEOUT: 'cut',
  UND_ERR_HEADERS_OVERFLOW: 'cut',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'cut',
  UND_ERR_DESTROYED: 'end',
}

/** Of HTTP/2 undici tells the end of a session only so. */
const serverEnds = /^other side closed|"GOAWAY" frame received/

/** Ends connections that are not needed any more. */
export class EndOfUse extends Error {
  constructor() {
    super('closed')
    this.name = 'EndOfUse'
  }
}

/**
 * Why a socket was closed, once it is: by what it was destroyed with, and otherwise by who came first.
 *
 * @param afterAnswer - Why undici would close it after an answer: because the request has asked for that (`single`), because
 * the server announced to keep it for two seconds or less (`idle`), or else because the server asked for that.
 */
export function closeReasonOf(socket: Socket, afterAnswer: CloseReason): CloseReason {
  const { errored } = socket
  if (errored instanceof EndOfUse) return 'end'
  if (errored !== null) {
    const code = 'code' in errored ? errored.code : ''
    if (code === 'UND_ERR_INFO' && errored.message === 'reset') return afterAnswer
    const known = code === 'UND_ERR_INFO' ? byMessage[errored.message] : byCode[String(code)]
    if (known !== undefined) return known
  }
  // The other side has said that it sends no more.
  if (socket.readableEnded || (errored !== null && serverEnds.test(errored.message))) return 'server'
  return errored === null ? 'end' : 'error'
}
