'use client'
import { useMemo, useState } from 'react'
import { useTrace } from '../trace/use-trace.ts'
import { TimeRuler } from '../trace/time-ruler.tsx'
import { windowOf } from '../trace/time-scale.ts'
import type { TraceReading } from '../trace/reader-client.ts'
import { Waterfall } from '../trace/waterfall.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

interface StepWaterfallProps {
  traceId: string
  /** About when it was. */
  aroundMs: number
  /** The span whose call lights up now. */
  spanId: string
}

/** The trace of the present event, at the span of the present frame. */
export function StepWaterfall({ traceId, aroundMs, spanId }: StepWaterfallProps) {
  const { answer } = useTrace(traceId, String(Math.floor(aroundMs)))
  return (
    <div className="flex h-[28%] min-h-[130px] flex-none flex-col border-t border-line bg-surface [--indent:6px] [--name-w:180px] phone:[--name-w:270px] wide:[--indent:15px]">
      <AnswerGate answer={answer} skeleton={<Skeleton rows={5} height={18} />}>
        {(reading) => <Rows reading={reading} spanId={spanId} />}
      </AnswerGate>
    </div>
  )
}

const NONE: ReadonlySet<string> = new Set()

function Rows({ reading: { model }, spanId }: { reading: TraceReading; spanId: string }) {
  const [collapsed, setCollapsed] = useState(NONE)
  const [lit, setLit] = useState('')
  const [picked, setPicked] = useState({ spanId: '', row: -1 })
  const playing = useMemo(() => model.rows.findIndex((row) => row.key === spanId), [model, spanId])
  const window = useMemo(() => windowOf(null, model.durationNs), [model])
  const selected = picked.spanId === spanId ? picked.row : playing
  return (
    <>
      <TimeRuler window={window} zoomed={false} onReset={() => undefined} />
      <Waterfall
        model={model}
        rows={model.rows}
        window={window}
        collapsed={collapsed}
        selected={selected}
        found={null}
        lit={lit}
        onLight={setLit}
        onMove={(position) => {
          setCollapsed(position.collapsed)
          setPicked({ spanId, row: position.row })
        }}
      />
    </>
  )
}
