import { defineConfig } from 'vitest/config'
import { functionalProject, loadProject } from 'vitest-load/config'

const shop = {
  include: ['specs/*.spec.ts'],
  baseUrl: 'http://127.0.0.1:3000',
  offline: './mocks/handlers.ts', // answers in place of the server; LOAD_OFFLINE=0 sends the requests to it
}

export default defineConfig({
  test: { projects: [functionalProject(shop), loadProject(shop)] },
})
