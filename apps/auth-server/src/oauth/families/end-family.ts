import { type Families, type Family, type FamilyEnd, toFamily } from './family.model.ts'

/**
 * Ends a family at once and for good. The first reason stays.
 *
 * @param options.clientId ends it only if it belongs to this client
 * @returns the family if this call ended it
 */
export async function endFamily(
  families: Families,
  id: string,
  because: FamilyEnd,
  { clientId }: { clientId?: string } = {},
): Promise<Family | null> {
  const running = { _id: id, revokedAt: null, ...(clientId !== undefined && { clientId }) }
  const ended = {
    revokedAt: new Date(),
    revokedBecause: because,
    noticeDue: because === 'reuse',
  }
  const record = await families
    .findOneAndUpdate(running, { $set: ended }, { returnDocument: 'after' })
    .lean()
  return record && toFamily(record)
}
