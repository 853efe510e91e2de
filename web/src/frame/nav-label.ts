/** Labels show on the wide navigation only; the rail keeps them for screen readers and tooltips. */
export function navLabelClass(rail: boolean): string {
  return rail ? 'sr-only' : 'sr-only wide:not-sr-only'
}
