/** The mark of Skein; its name stands beside it where there is room. */
export function Brand() {
  return (
    <svg
      className="block flex-none"
      width={20}
      height={20}
      viewBox="0 0 20 20"
      fill="none"
      stroke="var(--accent)"
      strokeWidth={1.8}
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 6c4-5 10-5 14 0M3 10c4-5 10 5 14 0M3 14c4 5 10 5 14 0" />
    </svg>
  )
}
