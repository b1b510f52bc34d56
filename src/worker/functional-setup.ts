import { aroundEach } from 'vitest'
import { aroundTest } from '../dsl/test-session.ts'

/** A functional project's set-up file: every test of it has a session of its own, also when tests run concurrently. */
aroundEach(aroundTest)
