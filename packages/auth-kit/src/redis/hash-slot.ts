const SLOTS = 16_384

const CRC_OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc
})

/** A short hash tag for each slot of a Redis Cluster. Found when first needed: it takes about 50 ms. */
let tags: readonly string[] | undefined

/** The hash tag, without braces, that puts a key into the Cluster slot of `key`. */
export function slotTagOf(key: string): string {
  tags ??= findTags()
  return tags[slotOf(key)] ?? ''
}

/** The Cluster slot of a key: CRC16 of the key or of its hash tag. */
function slotOf(key: string): number {
  const [, tag] = /^[^{]*\{([^}]+)\}/.exec(key) ?? []
  return crc16(tag ?? key) % SLOTS
}

/** CRC-16/XMODEM, as Redis computes it. */
function crc16(text: string): number {
  let crc = 0
  for (const byte of Buffer.from(text)) {
    crc = ((crc << 8) ^ (CRC_OF_BYTE[(crc >> 8) ^ byte] ?? 0)) & 0xffff
  }
  return crc
}

function findTags(): string[] {
  const found: string[] = []
  for (let number = 0, missing = SLOTS; missing > 0; number += 1) {
    const slot = crc16(String(number)) % SLOTS
    if (found[slot] !== undefined) continue
    found[slot] = String(number)
    missing -= 1
  }
  return found
}
