import { formatMoment } from '../format-moment.ts'
import type { Letter } from '../letter.ts'

type Notice = { at: string; data: { address?: string | undefined; device?: string | undefined } }

/** When, from where and with what it was done, as far as it is known. */
export function noticeFacts({ at, data }: Notice): NonNullable<Letter['facts']> {
  const facts = [
    { label: 'When', value: formatMoment(at) },
    { label: 'Device', value: data.device },
    { label: 'Network address', value: data.address },
  ]
  return facts.flatMap(({ label, value }) => (value ? [{ label, value }] : []))
}
