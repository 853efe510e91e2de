import { saidFirst } from './said-first.ts'
import { bodyText } from './line-fields.ts'

/** A body in a row: of one that is a JSON object the message, then its other fields, fainter; the details have it as it was sent. */
export function BodyText({ body, most }: { body: string; most: number }) {
  const said = saidFirst(body)
  if (said === null) return bodyText(body, most)
  return (
    <>
      {bodyText(said.message, most)}
      {said.rest !== '' && <span className="ml-2 text-t3">{bodyText(said.rest, Math.max(0, most - said.message.length))}</span>}
    </>
  )
}
