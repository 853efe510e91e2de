/** A value from the address stays selectable even when no telemetry names it; unnamed ones are left out. */
export function withPresent(known: readonly string[], present: string): readonly string[] {
  const named = known.filter((value) => value !== '')
  return present === '' || named.includes(present) ? named : [...named, present]
}
