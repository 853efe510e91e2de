import type { LayoutRequest, LayoutResponse } from './layout-client.ts'
import { layoutGraph } from './layout/layout.ts'

/** Runs in a Web Worker: a layout of thousands of nodes must not hold up a click. */
self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  const response: LayoutResponse = { id: data.id, layout: layoutGraph(data.input) }
  self.postMessage(response)
}
