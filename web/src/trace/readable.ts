/** Black or white, whichever reads better on `--block`: their contrasts meet at a luminance of 0.179, where both are 4.6. */
export const READABLE = 'color(from var(--block) xyz-d65 clamp(0, (0.179 - y) * 1e4, 0.9505) clamp(0, (0.179 - y) * 1e4, 1) clamp(0, (0.179 - y) * 1e4, 1.089))'
