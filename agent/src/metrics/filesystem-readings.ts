import type { HostFiles, Room } from './host-files.ts'
import type { Point, Reading } from './reading.ts'

interface Mount {
  /** Major and minor number. */
  device: string
  name: string
  path: string
  type: string
  mode: 'ro' | 'rw'
}

/** File systems on disks of this machine: to ask others may take for ever when their server is away. */
const LOCAL: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'vfat', 'jfs', 'reiserfs', 'bcachefs'])
const MAX_MOUNTS = 200

/** How full the file systems of the host are, each once however often it is mounted. */
export async function filesystemReadings(files: HostFiles): Promise<Reading[]> {
  const mounts = mountsIn((await files.read('proc/1/mountinfo')) ?? (await files.read('proc/self/mountinfo')) ?? '')
  const usage: Point[] = []
  const limit: Point[] = []
  for (const { device, name, path, type, mode } of mounts) {
    const room = await files.room(path.slice(1), device)
    if (room === null || room.total === 0) continue
    const attributes = { 'system.device': name, 'system.filesystem.mountpoint': path, 'system.filesystem.type': type, 'system.filesystem.mode': mode }
    for (const [state, value] of Object.entries(statesOf(room))) usage.push({ attributes: { ...attributes, 'system.filesystem.state': state }, value })
    limit.push({ attributes, value: room.total })
  }
  return [
    { name: 'system.filesystem.usage', unit: 'By', kind: 'upDown', points: usage },
    { name: 'system.filesystem.limit', unit: 'By', kind: 'upDown', points: limit },
  ]
}

function statesOf({ total, free, available }: Room): Record<'used' | 'free' | 'reserved', number> {
  return { used: total - free, free: available, reserved: free - available }
}

/** Of a device that is mounted often the shortest path. */
function mountsIn(mountinfo: string): Mount[] {
  const byDevice = new Map<string, Mount>()
  for (const mount of mountinfo.split('\n').flatMap(mountOf)) {
    const known = byDevice.get(mount.device)
    if (known === undefined || known.path.length > mount.path.length) byDevice.set(mount.device, mount)
  }
  return [...byDevice.values()].slice(0, MAX_MOUNTS)
}

/** A line of `mountinfo`: `36 35 98:0 /root /path rw,noatime shared:1 - ext4 /dev/sda1 rw`; none when it is another or of no disk here. */
function mountOf(line: string): Mount[] {
  const [own = '', source = ''] = line.split(' - ')
  const [, , device, , path, options] = own.split(' ')
  const [type = '', name = ''] = source.split(' ')
  if (device === undefined || path === undefined || options === undefined || !LOCAL.has(type)) return []
  return [{ device, name: unescaped(name), path: unescaped(path), type, mode: options.split(',').includes('ro') ? 'ro' : 'rw' }]
}

/** Blanks and backslashes are written as `\040` and the like. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}
