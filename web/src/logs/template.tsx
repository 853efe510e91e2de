import { SLOT } from './template-match.ts'

/** A template with its slots set off. */
export function Template({ text }: { text: string }) {
  return text.split(SLOT).map((part, at) => (
    <span key={at}>
      {at > 0 && <span className="mx-px rounded-1 bg-unknown-bg px-[3px] text-unknown-text">{SLOT}</span>}
      {part}
    </span>
  ))
}
