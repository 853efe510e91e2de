/** A third pick takes the place of the older of two. */
export function withPick(picked: readonly string[], id: string): string[] {
  if (picked.includes(id)) return picked.filter((each) => each !== id)
  return [...picked.slice(-1), id]
}
