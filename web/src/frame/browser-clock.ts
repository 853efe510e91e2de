/** Wall clock of this browser, Unix ms. Pure code takes it as an argument. */
export function browserNowMs(): number {
  return performance.timeOrigin + performance.now()
}
