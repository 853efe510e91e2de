/** Byte → the value of the hex digit that it is in ASCII, −1 for any other. */
export const HEX_DIGITS = Int8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte)
  return /[0-9a-fA-F]/.test(text) ? Number.parseInt(text, 16) : -1
})
