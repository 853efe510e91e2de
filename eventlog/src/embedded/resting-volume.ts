import type { Volume } from './volume.ts'

/** A volume for reading whose file is let go while nobody reads it, and opened again by the next read. */
export interface RestingVolume extends Volume {
  /** Unmaps the file: what was read of it no longer counts as memory of this process. */
  rest(): void
}

/** Throws what `open` throws when the volume cannot be opened the first time. */
export function createRestingVolume(open: () => Volume): RestingVolume {
  const first = open()
  const { path, sequence, partitions } = first
  const bases = Array.from({ length: partitions }, (_, partition) => first.base(partition))
  const previousEnds = Array.from({ length: partitions }, (_, partition) => first.previousEnd(partition))
  let current: Volume | null = first

  function awake(): Volume {
    current ??= open()
    return current
  }

  async function close(): Promise<void> {
    const closing = current
    current = null
    await closing?.close()
  }

  return {
    path,
    sequence,
    partitions,
    base: (partition) => bases[partition] ?? 0,
    previousEnd: (partition) => previousEnds[partition] ?? 0,
    bytes: () => awake().bytes(),
    write: (records) => awake().write(records),
    probe: () => awake().probe(),
    read: (partition, offset) => awake().read(partition, offset),
    nextOffset: (partition, from) => awake().nextOffset(partition, from),
    lastOffset: (partition) => awake().lastOffset(partition),
    walk: () => awake().walk(),
    refresh: () => current?.refresh(),
    readerCheck: () => current?.readerCheck(),
    close,
    rest: () => void close(),
  }
}
