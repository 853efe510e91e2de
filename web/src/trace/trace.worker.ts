import { createApiClient } from '../api/client.ts'
import { buffersOf } from './packed-model.ts'
import { createTraceReader, type TraceAsks, type TraceRequest } from './trace-reader.ts'

/** Runs in a Web Worker: 30 MB of trace are fetched, checked, put in order and searched without holding up a frame. */
const read = createTraceReader(
  createApiClient({ fetch: (path, init) => self.fetch(typeof path === 'string' ? new URL(path, self.location.origin) : path, init) }),
)

self.onmessage = async ({ data }: MessageEvent<TraceRequest>) => {
  const response = await read(data)
  self.postMessage(response, { transfer: 'answer' in response ? movedBuffers(response.answer) : [] })
}

/** What may move to the page instead of being copied. */
function movedBuffers(answer: TraceAsks[keyof TraceAsks]['answer']): ArrayBuffer[] {
  return answer !== null && typeof answer === 'object' && 'packed' in answer ? buffersOf(answer.packed) : []
}
