import { formatMoment } from '../format-moment.ts'
import type { Letter } from '../letter.ts'

type Notice = { at: string; data: { address?: string | undefined; device?: string | undefined } }

/** The time, device and network address, as far as they are known. */
export function noticeFacts({ at, data }: Notice): NonNullable<Letter['facts']> {
  const facts = [
    { label: 'When', value: formatMoment(at) },
    { label: 'Device', value: data.device },
    { label: 'Network address', value: data.address },
  ]
  return facts.flatMap(({ label, value }) => (value ? [{ label, value }] : []))
}
