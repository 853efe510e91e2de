import { saidInTemplate } from './said-first.ts'
import { SLOT } from './template-match.ts'

/** A template with its slots set off; of lines that are JSON what they say first, then the object around it, fainter. */
export function Template({ text }: { text: string }) {
  const said = saidInTemplate(text)
  if (said === null) return <Slotted text={text} />
  return (
    <>
      <Slotted text={said.message} />
      <span className="line-clamp-1 text-t3" title={text}>
        <Slotted text={said.rest} />
      </span>
    </>
  )
}

function Slotted({ text }: { text: string }) {
  return text.split(SLOT).map((part, at) => (
    <span key={at}>
      {at > 0 && <span className="mx-px rounded-1 bg-unknown-bg px-[3px] text-unknown-text">{SLOT}</span>}
      {part}
    </span>
  ))
}
