import type { Volume } from './volume.ts'

/** So much of a volume stays mapped at most: read pages count as memory of this process until they are unmapped. To open it again takes 1 to 2 ms. */
const MAPPED_BYTES = 64 * 1024 * 1024

/** A volume for reading whose file is let go while nobody reads it, and after each `mappedBytes` of records; the next read opens it again. */
export interface RestingVolume extends Volume {
  /** Unmaps the file: what was read of it no longer counts as memory of this process. */
  rest(): void
}

/** Throws what `open` throws when the volume cannot be opened the first time. */
export function createRestingVolume(open: () => Volume, mappedBytes: number = MAPPED_BYTES): RestingVolume {
  const first = open()
  const { path, sequence, partitions } = first
  const bases = Array.from({ length: partitions }, (_, partition) => first.base(partition))
  const previousEnds = Array.from({ length: partitions }, (_, partition) => first.previousEnd(partition))
  let current: Volume | null = first
  let readBytes = 0

  function awake(): Volume {
    current ??= open()
    return current
  }

  async function close(): Promise<void> {
    const closing = current
    current = null
    readBytes = 0
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
    read(partition, offset) {
      const bytes = awake().read(partition, offset)
      readBytes += bytes?.length ?? 0
      if (readBytes >= mappedBytes) void close()
      return bytes
    },
    nextOffset: (partition, from) => awake().nextOffset(partition, from),
    lastOffset: (partition) => awake().lastOffset(partition),
    walk: () => awake().walk(),
    refresh: () => current?.refresh(),
    readerCheck: () => current?.readerCheck(),
    close,
    rest: () => void close(),
  }
}
