import { readFile, writeFile } from 'node:fs/promises'
import { withPictures } from './picture/load-shapes.ts'

// Draws the pictures of the guide to workload models anew.

const guide = new URL('workload-models.md', import.meta.url)
await writeFile(guide, withPictures(await readFile(guide, 'utf8')))
