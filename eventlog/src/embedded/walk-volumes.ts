import { argv, stdout } from 'node:process'
import { openVolume } from './volume.ts'

/** A process that walks the keys of volumes: argv is the volume size, then paths. Says `walked` for each; throws or dies at one it cannot walk. */
const [volumeBytes, ...paths] = argv.slice(2)
for (const path of paths) {
  const volume = openVolume({ path, readOnly: true, volumeBytes: Number(volumeBytes) })
  volume.walk()
  await volume.close()
  stdout.write('walked\n')
}
