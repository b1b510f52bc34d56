import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText, hideSecrets, isSecretName, nearestName, printable, redact, showValue } from './text.ts'

const escape = String.fromCodePoint(0x1b)

describe('cleanText', () => {
  it('removes ANSI escape sequences as a whole', () => {
    expect(cleanText(`expected ${escape}[32m200${escape}[39m to be ${escape}[1;31m500${escape}[0m`)).toBe(
      'expected 200 to be 500',
    )
    expect(
      cleanText(`${escape}]8;;http://evil.test${String.fromCodePoint(7)}link${escape}]8;;${String.fromCodePoint(7)}`),
    ).toBe('link')
  })

  it('removes marks that turn the direction of text, and finds a command that they hid', () => {
    expect(cleanText('a\u202ecod\u2069')).toBe('acod')
    expect(cleanText(':\u200f:error::pwned')).toBe('error pwned')
    expect(cleanText('#\u202e#[error]pwned')).toBe('[error]pwned')
  })

  it('puts text on one line', () => {
    expect(cleanText('first\r\nsecond\tthird\u2028fourth\u0000')).toBe('first second third fourth')
  })

  it('takes their marker from CI workflow commands', () => {
    expect(cleanText('::error::pwned')).toBe('error pwned')
    expect(cleanText('::Error file=app.js::Pwned')).toBe('Error file=app.js Pwned')
    expect(cleanText('::add-mask::secret')).toBe('add-mask secret')
    expect(cleanText('##[error]pwned')).toBe('[error]pwned')
    expect(cleanText('##vso[task.setvariable]x')).toBe('vso[task.setvariable]x')
    expect(cleanText('####[error]pwned')).toBe('## [error]pwned')
  })

  it('finds a command that control characters hid', () => {
    expect(cleanText(`:${escape}[0m:error::pwned`)).toBe('error pwned')
    expect(cleanText('\n::warning::pwned')).toBe('warning pwned')
  })

  it('leaves harmless colons and hashes alone', () => {
    expect(cleanText('connect ECONNREFUSED ::1:80 # 5 ## six')).toBe('connect ECONNREFUSED ::1:80 # 5 ## six')
  })

  it('cuts what is too long', () => {
    expect(cleanText('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`)
    expect(cleanText('x'.repeat(200))).toBe('x'.repeat(200))
    expect(cleanText('abcdef', 4)).toBe('abc…')
  })

  it('never lets a control character or a command through', () => {
    const piece = fc.constantFrom(
      '::',
      ':',
      '##',
      '#',
      'error',
      'vso',
      '[',
      ']',
      escape,
      '[31m',
      '\n',
      '\r',
      '\u009b',
      '\u202e',
      ' ',
      'Set-Output',
      'ü',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = cleanText(pieces.join(''))
        expect(text).not.toMatch(/\p{Cc}/u)
        expect(text).not.toMatch(/::[a-z-]|##\w*\[/i)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('nearestName', () => {
  it.for([
    ['checkuot', ['login', 'checkout'], 'checkout'],
    ['LOGIN', ['login'], 'login'],
    ['vu', ['vus', 'duration'], 'vus'],
    ['gracefullStop', ['gracefulStop', 'maxDuration'], 'gracefulStop'],
  ] as const)('takes %s among %j for %s', ([name, known, nearest]) => {
    expect(nearestName(name, known)).toBe(nearest)
  })

  it('finds none where nothing is near', () => {
    expect(nearestName('payment', ['login', 'browse'])).toBeUndefined()
    expect(nearestName('login', [])).toBeUndefined()
  })

  it('finds an exact match before a near one', () => {
    expect(nearestName('step', ['stop', 'step', 'steps'])).toBe('step')
  })
})

describe('isSecretName', () => {
  it.for([
    'Authorization',
    'cookie',
    'set-cookie',
    'x-api-key',
    'apiKey',
    'accessToken',
    'password',
    'client_secret',
    'sessionId',
    'passphrase',
    'AWSAccessKeyId',
    'private_key',
    'Ocp-Apim-Subscription-Key',
    'X-Amz-Signature',
    'csrf',
  ])('knows %s', (name) => {
    expect(isSecretName(name)).toBe(true)
  })

  it.for(['accept', 'content-type', 'name', 'x-request-id', 'idempotency-key', 'keyboard', 'author'])(
    'does not suspect %s',
    (name) => {
      expect(isSecretName(name)).toBe(false)
    },
  )
})

describe('redact', () => {
  it.for([
    ['{"token":"abc","a":1}', '{"token":"[redacted]","a":1}'],
    ['{"password" : 12345}', '{"password" : "[redacted]"}'],
    ['{"tokens":["a","b"],"b":2}', '{"tokens":"[redacted]","b":2}'],
    ['{"session":{"id":"abc"},"b":2}', '{"session":"[redacted]","b":2}'],
    ['{"apiKey":"a\\"b","c":3}', '{"apiKey":"[redacted]","c":3}'],
    ['{"token":"cut off', '{"token":"[redacted]"'],
    ['user=me&password=secret&x=1', 'user=me&password=[redacted]&x=1'],
    ['see /x?access_token=abc', 'see /x?access_token=[redacted]'],
    ['Authorization was Bearer abc.def', 'Authorization was Bearer [redacted]'],
    ['bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc here', 'bad [redacted] here'],
    [`key ${'a1'.repeat(20)} here`, 'key [redacted] here'],
    ["expected { token: 'abc', a: 1 }", "expected { token: '[redacted]', a: 1 }"],
    [`{ 'api-key': "abc" }`, `{ 'api-key': "[redacted]" }`],
    ['(password=secret)', '(password=[redacted]'],
    ["login with password='my secret', retried", "login with password='[redacted]', retried"],
    ['GET http://me:secret@host/x', 'GET http://[redacted]@host/x'],
    ['GET http://me:se@cret@host/x', 'GET http://[redacted]@host/x'],
    ['{"message":"not found"}', '{"message":"not found"}'],
    ['missing bearer token', 'missing bearer token'],
    ['Invalid token: expected a string', 'Invalid token: expected a string'],
    ['at https://cdn.test/@scope/x.js', 'at https://cdn.test/@scope/x.js'],
    ['a_very_long_name_without_any_figure_in_all_of_it', 'a_very_long_name_without_any_figure_in_all_of_it'],
  ])('makes of %s: %s', ([text = '', expected]) => {
    expect(redact(text)).toBe(expected)
    expect(redact(redact(text))).toBe(expected)
  })
})

describe('redact, in JSON', () => {
  it.for([
    ['{"data":{"token":12345678,"ok":1}}', '{"data":{"token":"[redacted]","ok":1}}'],
    ['{"session":{"id":"a}","user":{"n":[1,2]},"k":"leaked"},"ok":1}', '{"session":"[redacted]","ok":1}'],
    ['{"token":["abcd","ef"],"ok":true}', '{"token":"[redacted]","ok":true}'],
    ['{"data":{"token":"cut off', '{"data":{"token":"[redacted]"'],
    ['{"session":{"id":"cut off', '{"session":"[redacted]"'],
    ['{"a":"basic plan works","b":"Bearer abc-1"}', '{"a":"basic plan works","b":"Bearer [redacted]"}'],
  ] as const)('%s', ([text, shown]) => {
    expect(redact(text)).toBe(shown)
  })
})

describe('hideSecrets', () => {
  const secret = 'geheim/+ "q" ü&x'
  const bytes = Buffer.from(secret)

  it.for([
    ['as it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded in small letters', encodeURIComponent(secret).toLowerCase()],
    ['encoded as a form', new URLSearchParams({ x: secret }).toString().slice(2)],
    ['encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    ['in a URL', new URL(`http://h/?${secret}`).search.slice(1)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['in JSON of ASCII', String.raw`geheim/+ \"q\" \u00fc\u0026x`],
    ['in HTML', 'geheim/+ &quot;q&quot; &#252;&amp;x'],
    ['in hexadecimal', bytes.toString('hex')],
    ['in base64', bytes.toString('base64').replace(/=+$/, '')],
    ['in base64 for URLs', bytes.toString('base64url')],
  ] as const)('finds one %s', ([, text]) => {
    expect(hideSecrets(`before ${text} after`, [secret])).toMatch(/^before \[redacted\][\w=]{0,2} after$/)
  })

  const unlikeWords = fc.string({ minLength: 6, unit: 'binary' }).filter((own) => !/^[a-z]+$|^\d+$/i.test(own))

  it('finds one anywhere in base64', () => {
    fc.assert(
      fc.property(unlikeWords, fc.string(), fc.string(), (own, before, after) => {
        const [start, end] = [Buffer.from(before).length, Buffer.from(before + own).length]
        const text = Buffer.from(before + own + after).toString('base64')
        const hidden = hideSecrets(text, [own])
        expect(hidden).toContain('[redacted]')
        // At most the bits that share a digit with a neighbour are left on either side.
        expect(hidden.replaceAll('[redacted]', '').length).toBeLessThanOrEqual(
          Math.ceil((start * 8) / 6) + 1 + text.length - Math.floor((end * 8) / 6),
        )
      }),
    )
  })

  it('leaves alone what stands in every text, and takes short words only as such', () => {
    const secrets = ['true', 'null', '1234', 'test', '123456']
    expect(hideSecrets('null is true, 1234 of the latest test 123456 took 51234567 ms', secrets)).toBe(
      'null is true, 1234 of the latest [redacted] [redacted] took 51234567 ms',
    )
  })

  it('comes to an end where text and credential are full of backslashes', () => {
    const backslashes = '\\'.repeat(600)
    const unc = String.raw`\\\host\share!`
    expect(hideSecrets(`${backslashes}host`, [unc])).toBe(`${backslashes}host`)
    expect(hideSecrets(JSON.stringify(unc), [unc])).toBe('"[redacted]"')
  })

  it('hides the longer of two, and leaves alone what is too short to be told from any text', () => {
    expect(hideSecrets('a secret-2 and a secret', ['secret', 'secret-2', 'a', ''])).toBe(
      'a [redacted] and a [redacted]',
    )
    expect(hideSecrets('nothing here', [])).toBe('nothing here')
  })
})

describe('printable', () => {
  it('hides a known credential before it cuts', () => {
    expect(printable(`${'x'.repeat(30)} ge${escape}[0mheim`, 36, ['geheim'])).toBe(`${'x'.repeat(30)} [red…`)
  })

  it('finds a credential that control characters hid', () => {
    expect(printable(`pass${escape}[0mword=secret`)).toBe('password=[redacted]')
    expect(printable(`##${'a1'.repeat(20)}`)).not.toMatch(/##\w*\[/)
  })

  it('finds one that would be cut off', () => {
    expect(printable(`${'x '.repeat(10)}eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc`, 40)).toBe(
      `${'x '.repeat(10)}[redacted]`,
    )
    expect(printable('x'.repeat(5000), 300)).toHaveLength(300)
  })
})

describe('showValue', () => {
  it('shows any value on one short line', () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const values = ['a\nb', 1, Number.NaN, 5n, null, undefined, true, [1], { a: 1 }, circular, Symbol('x'), () => 1]
    expect(values.map(showValue)).toEqual([
      '"a\\nb"',
      '1',
      'NaN',
      '5',
      'null',
      'undefined',
      'true',
      '[1]',
      '{"a":1}',
      'an object',
      'Symbol(x)',
      'a function',
    ])
    expect(showValue('x'.repeat(100))).toHaveLength(80)
  })

  it.for([
    ['has nothing to show as JSON', { toJSON: (): undefined => undefined }, 'an object'],
    ['has a toJSON that throws', { toJSON: (): never => expect.fail('broken') }, 'an object'],
    ['is a text of megabytes', 'a:"b'.repeat(1_000_000), `"${'a:\\"b'.repeat(20)}`.slice(0, 79).concat('…')],
    ['holds megabytes', { text: 'x'.repeat(5_000_000) }, `{"text":"${'x'.repeat(70)}…`],
  ] as const)('shows briefly what %s', ([, value, shown]) => {
    expect(showValue(value)).toBe(shown)
  })

  it('shows no credential, also where the text is cut', () => {
    expect(showValue('http://me:secret@host')).toBe('"http://[redacted]@host"')
    expect(showValue([`http://me:${'secret'.repeat(20)}@host`])).toBe('["http://[redacted]@host"]')
    expect(showValue({ password: 'secret' })).toBe('{"password":"[redacted]"}')
  })
})
