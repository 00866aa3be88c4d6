const SLOTS = 16_384

/**
 * A short hash tag for each slot of a Redis Cluster, for keys that must share the slot of a key with
 * another name.
 */
let tags: readonly string[] | undefined

/** The hash tag, without braces, that puts a key into the Cluster slot of `key`. */
export function slotTagOf(key: string): string {
  tags ??= findTags()
  return tags[slotOf(key)] ?? ''
}

/** The Cluster slot of a key: CRC16 (XMODEM) of the key or of its hash tag. */
function slotOf(key: string): number {
  const [, tag] = /\{([^}]+)\}/.exec(key) ?? []
  let crc = 0
  for (const byte of Buffer.from(tag ?? key)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
    crc &= 0xffff
  }
  return crc % SLOTS
}

function findTags(): string[] {
  const found: string[] = []
  for (let number = 0, missing = SLOTS; missing > 0; number += 1) {
    const slot = slotOf(String(number))
    if (found[slot] !== undefined) continue
    found[slot] = String(number)
    missing -= 1
  }
  return found
}
